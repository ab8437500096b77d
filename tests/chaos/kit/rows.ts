import { DatabaseSync } from 'node:sqlite'
import type { Db, MongoClient } from 'mongodb'
import { Client } from 'pg'
import { type Aggregate, uuid } from '../../../src/infrastructures/store/aggregate.ts'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import { mariadbDialect } from '../../../src/infrastructures/store/mariadb/dialect.ts'
import { rowReader } from '../../../src/infrastructures/store/sql/statement.ts'
import { columnOf } from '../../../src/infrastructures/store/table.ts'
import { withMariadb } from '../../kit/fresh-mariadb.ts'

/** What a database keeps of an aggregate; users have no text and no owner, and only what hangs on a post has one. */
export type Row = Readonly<{
  noun: string
  id: string
  version: number
  text: string | null
  ownerId: string | null
  postId: string | null
}>

export type EventEnvelope = Readonly<{
  type: string
  subject: string
  version: number
  data: Readonly<{ id: string; version: number; text?: string; postId?: string }>
}>

/** All that is kept, as seen at one moment. */
export type Rows = Readonly<{ kept: readonly Row[]; outbox: readonly EventEnvelope[] }>

/** All with versions; dependents first, as their columns have types where those of others are null. */
const KINDS: readonly Aggregate[] = Object.values<Aggregate>(FORUM.aggregates)
  .filter(({ removed }) => removed !== null)
  .reverse()

const KEPT = KINDS.map(({ type, table, columns, owner, parent, hasTombstone }) => {
  const [ownerId, postId] = [owner, parent].map((reference) => (reference ? columnOf(reference.field) : 'null'))
  const kept = `'${type}' as noun, id, version, ${'text' in columns ? 'text' : 'null as text'}`
  const standing = hasTombstone ? ' where removed_at is null' : ''
  return `select ${kept}, ${ownerId} as "ownerId", ${postId} as "postId" from ${table}${standing}`
}).join(' union all ')
const OUTBOX = 'select type, subject, version, data from outbox'

/** Reads past the service, from the file itself. */
export function sqliteRows(file: string): Rows {
  using database = new DatabaseSync(file, { timeout: 5_000 })
  database.exec('begin')
  const kept = database.prepare(KEPT).all() as Row[]
  const outbox = database.prepare(OUTBOX).all() as (EventEnvelope & { data: string })[]
  return { kept, outbox: outbox.map((row) => ({ ...row, data: JSON.parse(row.data) })) }
}

/** Reads past the service, in one snapshot. */
export async function postgresRows(url: string): Promise<Rows> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows: kept } = await client.query<Row>(KEPT)
    const { rows: outbox } = await client.query<EventEnvelope>(OUTBOX)
    return { kept, outbox }
  } finally {
    await client.end()
  }
}

/** The same on MariaDB or MySQL, where ids are bytes. */
export const mariadbRows = (url: string): Promise<Rows> =>
  withMariadb(url, async (query) => {
    await query('start transaction with consistent snapshot')
    const kept = (await query(KEPT)).map(rowReader<Row>({ id: uuid, ownerId: uuid, postId: uuid }, mariadbDialect))
    const outbox = (await query(OUTBOX)).map(
      rowReader<EventEnvelope & { data: string }>({ subject: uuid }, mariadbDialect),
    )
    return { kept, outbox: outbox.map((row) => ({ ...row, data: JSON.parse(row.data) })) }
  })

/** Reads past the service, in one snapshot. */
export async function mongodbRows(db: Db, client: MongoClient): Promise<Rows> {
  await using session = client.startSession()
  session.startTransaction({ readConcern: { level: 'snapshot' } })
  const all = (collection: string, filter = {}) => db.collection(collection).find(filter, { session }).toArray()
  const rowsOf = async ({ type: noun, table, hasTombstone }: Aggregate): Promise<readonly Row[]> =>
    (await all(table, hasTombstone ? { removedAt: null } : {})).map(
      ({ _id, version, text = null, ownerId, postId }) => ({
        ...{ noun, id: String(_id), version, text },
        ownerId: ownerId === undefined ? null : String(ownerId),
        postId: postId === undefined ? null : String(postId),
      }),
    )

  const kept: Row[] = []
  for (const kind of KINDS) kept.push(...(await rowsOf(kind)))
  const outbox = (await all('outbox')).map(({ type, subject, version, data }) => {
    return { type, subject: String(subject), version, data: JSON.parse(data) }
  })
  return { kept, outbox }
}
