import { FORUM } from '../src/infrastructures/store/aggregates/forum.ts'
import { mariadbDialect } from '../src/infrastructures/store/mariadb/dialect.ts'
import { openMariadb } from '../src/infrastructures/store/mariadb/open-mariadb.ts'
import { freshMariadb, withMariadb } from '../tests/kit/fresh-mariadb.ts'
import { reportOfMariadb } from '../tests/kit/server-versions.ts'
import type { BenchDatabase, StoredEvent } from './database.ts'
import { type Dialect, loading, recursiveSeries, restoring } from './load-data.ts'

/** For both, MariaDB and MySQL. */
const DIALECT: Dialect = {
  series: recursiveSeries,
  id: (prefix, n) => `unhex(concat('${prefix.replaceAll('-', '')}', lpad(hex(floor(${n})), 12, '0')))`,
  time: (from, seconds) =>
    `(cast('${mariadbDialect.encode('time', from)}' as datetime(3)) + interval (${seconds}) second)`,
  truth: (condition) => `(${condition})`,
  keepingExisting: 'on duplicate key update id = values(id)',
}

/** For large sets, which need no replica; each server skips the remarks that are meant for the other one. */
const SETTINGS = [
  'set /*M! max_recursive_iterations = 4294967295 */ /*!80000 cte_max_recursion_depth = 4294967295 */',
  `set sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES', foreign_key_checks = 0, sql_log_bin = 0`,
]
const TIDYING = 'analyze table users, posts, comments, outbox, inbox, notifications, idempotency_keys'

/** A loaded database of its own on a server of MariaDB or MySQL. */
export async function loadMariadb(serverUrl: string, posts: number): Promise<BenchDatabase> {
  const { url, drop } = await freshMariadb(serverUrl)
  const options = { url, poolSize: 1, onIdleError: () => {}, migrates: true, aggregates: FORUM.aggregates }
  await (await openMariadb(options)).close()
  await execute(url, loading(DIALECT, posts))

  return {
    url,
    name: await reportOfMariadb(serverUrl),
    restore: () => execute(url, restoring(DIALECT)),
    takeEvents: () => withMariadb(url, takeEvents),
    close: drop,
  }
}

const execute = (url: string, statements: readonly string[]): Promise<void> =>
  withMariadb(url, async (query) => {
    for (const statement of [...SETTINGS, ...statements, TIDYING]) await query(statement)
  })

/** MySQL does not return what it deletes. */
async function takeEvents(query: (text: string) => Promise<readonly unknown[]>): Promise<readonly StoredEvent[]> {
  await query('start transaction')
  const rows = (await query('select type, subject, version, data from outbox for update')) as readonly StoredEvent[]
  await query('delete from outbox')
  await query('commit')
  return rows.map(({ subject, data, ...event }) => ({
    ...event,
    subject: mariadbDialect.decode.uuid?.(subject as never) as string,
    data: JSON.parse(String(data)),
  }))
}
