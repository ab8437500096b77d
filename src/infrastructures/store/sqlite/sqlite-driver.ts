import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { Listing } from '../../../domains/ports/listing.ts'
import type { StoreDriver } from '../driver.ts'
import { COLUMNS } from '../sql/columns.ts'
import { countQuery, listQuery } from '../sql/listing.ts'
import { applyChange } from './apply-change.ts'
import type { SqliteConnection } from './connection.ts'
import { prune } from './prune.ts'
import { commentOf, postOf, userOf } from './rows.ts'
import { sqliteKeys } from './sqlite-keys.ts'
import { sqliteNotifications } from './sqlite-notifications.ts'
import { sqliteOutbox } from './sqlite-outbox.ts'
import { transaction, translating } from './transaction.ts'

/**
 * Keeps everything in one file that several processes may share. Each call is one synchronous step, so within a process
 * nobody sees half of a commit, and a transaction holds the write lock only for as long as its statements run.
 */
export const sqliteDriver = (connection: SqliteConnection): StoreDriver => ({
  posts: reader(connection, 'posts', postOf, () => new PostNotFound()),
  comments: reader(connection, 'comments', commentOf, () => new CommentNotFound()),

  users: {
    async find(id) {
      const row = translating(() => connection.get(`select ${COLUMNS.users} from users where id = ?1`, [id]))
      return row === undefined ? null : userOf(row as Parameters<typeof userOf>[0])
    },
  },

  notifications: sqliteNotifications(connection),
  inbox: { digestOf: async (consumer, id) => digestOf(connection, consumer, id) },
  keys: sqliteKeys(connection),
  outbox: sqliteOutbox(connection),

  async commit(changes) {
    transaction(connection, () => {
      for (const change of changes) applyChange(connection, change)
    })
  },

  prune: async (retention) => prune(connection, retention, Date.now()),

  async ping() {
    translating(() => connection.get('select 1', []))
  },

  async close() {
    connection.database.close()
  },
})

function reader<Row, State, Filter>(
  connection: SqliteConnection,
  table: 'posts' | 'comments',
  stateOf: (row: Row) => State,
  notFound: () => Error,
) {
  const byId = `select ${COLUMNS[table]} from ${table} where id = ?1`

  return {
    async get(id: string): Promise<State> {
      const row = translating(() => connection.get(byId, [id]))
      if (row === undefined) throw notFound()
      return stateOf(row as Row)
    },

    async list(listing: Listing<Filter>): Promise<readonly State[]> {
      const { text, values } = listQuery('?', table, listing as Listing<object>)
      return translating(() => connection.all(text, values)).map((row) => stateOf(row as Row))
    },

    async count(filter: Filter): Promise<number> {
      const { text, values } = countQuery('?', table, filter as object)
      return (translating(() => connection.get(text, values)) as { total: number }).total
    },
  }
}

function digestOf(connection: SqliteConnection, consumer: string, id: string): string | null {
  const text = 'select digest from inbox where consumer = ?1 and id = ?2'
  const row = translating(() => connection.get(text, [consumer, id]))
  return (row as { digest: string } | undefined)?.digest ?? null
}
