/** Each column whose value says when something happened, or until when it holds. */
const TIMES = {
  outbox: ['time', 'published_at'],
  outbox_lease: ['until'],
  inbox: ['handled_at'],
  idempotency_keys: ['reserved_until', 'expires_at'],
} as const

/** The statements that make all that is kept older, where `earlier` writes that a column is to be earlier. */
export const agingStatements = (earlier: (column: string) => string): readonly string[] =>
  Object.entries(TIMES).map(
    ([table, columns]) => `update ${table} set ${columns.map((column) => `${column} = ${earlier(column)}`)}`,
  )

export const agingOnMariadb = (milliseconds: number): readonly string[] =>
  agingStatements((column) => `${column} - interval ${milliseconds} * 1000 microsecond`)

export const agingOnPostgres = (milliseconds: number): readonly string[] =>
  agingStatements((column) => `${column} - interval '${milliseconds} ms'`)
