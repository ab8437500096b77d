import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { Listing } from '../../../domains/ports/listing.ts'
import { batched } from '../../../patterns/batch.ts'
import type { StoreDriver } from '../driver.ts'
import { COLUMNS } from '../sql/columns.ts'
import { countQuery, listQuery, type Query } from '../sql/listing.ts'
import { commandsOf } from './commands.ts'
import { TakesNoWrites } from './connection-errors.ts'
import type { Database, Queries } from './database.ts'
import { postgresKeys } from './postgres-keys.ts'
import { postgresNotifications } from './postgres-notifications.ts'
import { postgresOutbox } from './postgres-outbox.ts'
import { prune } from './prune.ts'
import { commentOf, postOf, userOf } from './rows.ts'
import { named, statementNamer } from './statement-names.ts'

const DIGEST = named('inbox_digest', 'select digest from inbox where consumer = $1 and id = $2')

/** A standby says so of all its transactions; elsewhere it is a default of the server, the database or the role. */
const IS_READ_ONLY = named('is_read_only', `select current_setting('transaction_read_only') = 'on' as "isReadOnly"`)

/** Keeps everything in PostgreSQL: a read is one round trip, and so is the commit of a unit of work. */
export const postgresDriver = (database: Database): StoreDriver => ({
  posts: reader(database, 'posts', postOf, () => new PostNotFound()),
  comments: reader(database, 'comments', commentOf, () => new CommentNotFound()),

  users: { find: byIds(database, 'users', userOf) },

  notifications: postgresNotifications(database),
  inbox: { digestOf: (consumer, id) => digestOf(database, consumer, id) },
  keys: postgresKeys(database.patient),
  outbox: postgresOutbox(database.background),

  commit: (changes) => database.commit(changes.flatMap(commandsOf)),

  prune: (retention) => prune(database.background, retention),

  ping: () => ping(database),

  close: () => database.close(),
})

/** A database that takes no writes is of no use, though it answers. */
async function ping(database: Database): Promise<void> {
  const [row] = await database.query(IS_READ_ONLY, [])
  if (!(row as { isReadOnly: boolean }).isReadOnly) return
  database.seenReadOnly()
  throw new DependencyUnavailable('database', { cause: new TakesNoWrites() })
}

/** Finds one by its id: those who ask within one turn of the event loop are answered by one statement. */
function byIds<Row, State extends Readonly<{ id: string }>>(
  { query }: Queries,
  table: 'users' | 'posts' | 'comments',
  stateOf: (row: Row) => State,
) {
  const statement = named(`${table}_by_id`, `select ${COLUMNS[table]} from ${table} where id = any($1)`)

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, State>> {
    const rows = await query(statement, [`{${ids.join()}}`])
    return new Map(rows.map((row) => stateOf(row as Row)).map((state) => [state.id, state]))
  }

  return batched(load, setImmediate)
}

async function digestOf({ query }: Queries, consumer: string, id: string): Promise<string | null> {
  const [row] = await query(DIGEST, [consumer, id])
  return (row as { digest: string } | undefined)?.digest ?? null
}

function reader<Row, State extends Readonly<{ id: string }>, Filter>(
  database: Database,
  table: 'posts' | 'comments',
  stateOf: (row: Row) => State,
  notFound: () => Error,
) {
  const find = byIds(database, table, stateOf)
  const statementOf = statementNamer(table)

  const run = ({ text, values }: Query) =>
    database.query(
      statementOf(text),
      values.map((value) => (typeof value === 'string' ? value : value.toISOString())),
    )

  return {
    async get(id: string): Promise<State> {
      const found = await find(id)
      if (found === null) throw notFound()
      return found
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
