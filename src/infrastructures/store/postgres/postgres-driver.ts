import type { User, UserId } from '../../../domains/entities/user.ts'
import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { Listing } from '../../../domains/ports/listing.ts'
import { batched } from '../../../patterns/batch.ts'
import type { StoreDriver } from '../driver.ts'
import { COLUMNS } from '../sql/columns.ts'
import { countQuery, listQuery, type Query } from '../sql/listing.ts'
import { commandsOf } from './commands.ts'
import type { Database, Queries } from './database.ts'
import { postgresKeys } from './postgres-keys.ts'
import { postgresNotifications } from './postgres-notifications.ts'
import { postgresOutbox } from './postgres-outbox.ts'
import { prune } from './prune.ts'
import { commentOf, postOf, userOf } from './rows.ts'
import { statementNamer } from './statement-names.ts'

const USERS_BY_ID = { name: 'users_by_id', text: `select ${COLUMNS.users} from users where id = any($1)` }
const DIGEST = { name: 'inbox_digest', text: 'select digest from inbox where consumer = $1 and id = $2' }

/** Keeps everything in PostgreSQL: a read is one round trip, and so is the commit of a unit of work. */
export const postgresDriver = (database: Database): StoreDriver => ({
  posts: reader(database, 'posts', postOf, () => new PostNotFound()),
  comments: reader(database, 'comments', commentOf, () => new CommentNotFound()),

  users: { find: batched((ids) => usersOf(database, ids), setImmediate) },

  notifications: postgresNotifications(database),
  inbox: { digestOf: (consumer, id) => digestOf(database, consumer, id) },
  keys: postgresKeys(database.patient),
  outbox: postgresOutbox(database.background),

  commit: (changes) => database.commit(changes.flatMap(commandsOf)),

  prune: (retention) => prune(database.background, retention),

  async ping() {
    await database.query({ text: 'select 1' }, [])
  },

  close: () => database.close(),
})

/** Every request asks for an account: those of one turn of the event loop are asked for together. */
async function usersOf(database: Database, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, User>> {
  const rows = await database.query(USERS_BY_ID, [`{${ids.join()}}`])
  const users = rows.map((row) => userOf(row as Parameters<typeof userOf>[0]))
  return new Map(users.map((user) => [user.id, user]))
}

async function digestOf({ query }: Queries, consumer: string, id: string): Promise<string | null> {
  const [row] = await query(DIGEST, [consumer, id])
  return (row as { digest: string } | undefined)?.digest ?? null
}

function reader<Row, State, Filter>(
  database: Database,
  table: 'posts' | 'comments',
  stateOf: (row: Row) => State,
  notFound: () => Error,
) {
  const byId = { name: `${table}_by_id`, text: `select ${COLUMNS[table]} from ${table} where id = $1` }
  const named = statementNamer(table)

  const run = ({ text, values }: Query) =>
    database.query(
      named(text),
      values.map((value) => (typeof value === 'string' ? value : value.toISOString())),
    )

  return {
    async get(id: string): Promise<State> {
      const [row] = await database.query(byId, [id])
      if (row === undefined) throw notFound()
      return stateOf(row as Row)
    },

    async list(listing: Listing<Filter>): Promise<readonly State[]> {
      const rows = await run(listQuery('$', table, listing as Listing<object>))
      return rows.map((row) => stateOf(row as Row))
    },

    async count(filter: Filter): Promise<number> {
      const [row] = await run(countQuery('$', table, filter as object))
      return Number((row as { total: string | number }).total)
    },
  }
}
