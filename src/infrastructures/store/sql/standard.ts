import type { Upsert } from './dialect.ts'

/** SQL that more than one engine shares. */
export const either = (reasons: readonly string[]): string => reasons.join(' or ')

/** `excluded` is the row that was to be inserted. */
export function insertOrUpdate({ table, key, row, isFree }: Upsert): string {
  const columns = Object.keys(row)
  const changes = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`)
  const free = isFree(
    (column) => `known.${column}`,
    (column) => `excluded.${column}`,
  )
  return `insert into ${table} as known (${columns}) values (${Object.values(row)})
    on conflict (${key}) do update set ${changes} where ${free}`
}
