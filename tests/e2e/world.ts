import { PRODUCT } from '../../src/patterns/product.ts'
import { freshDirectory } from '../kit/command.ts'
import { mariadbUrl, mysqlUrl, skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { freshMariadb } from '../kit/fresh-mariadb.ts'
import { freshMongodb } from '../kit/fresh-mongodb.ts'
import { createPeople } from '../kit/people.ts'
import { startService } from '../kit/service.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

export type Env = Readonly<Record<string, string>>
export type World = Awaited<ReturnType<typeof openWorld>>

/** What the same suite runs on. */
export const ENGINES = [
  {
    name: 'SQLite',
    skip: skipWithout('sqlite'),
    database: async () => ({ url: `sqlite:./data/${PRODUCT.service}.db`, drop: async () => {} }),
  },
  { name: 'PostgreSQL', skip: skipWithout('postgres'), database: freshDatabase },
] as const

/** Those and all other databases, for suites that are to be seen once on each. */
export const ALL_ENGINES = [
  ...ENGINES,
  { name: 'MariaDB', skip: skipWithout('mariadb'), database: () => freshMariadb(mariadbUrl) },
  { name: 'MongoDB', skip: skipWithout('mongodb'), database: async () => freshMongodb() },
  { name: 'MySQL', skip: skipWithout('mysql'), database: () => freshMariadb(mysqlUrl) },
] as const

export type Engine = (typeof ALL_ENGINES)[number]

/** An empty database, a working directory, and an issuer with its people: services can be started on it, one by one. */
export async function openWorld(engine: Engine) {
  await using opening = new AsyncDisposableStack()
  const { directory } = opening.use(await freshDirectory('forum-e2e-'))
  const database = opening.adopt(await engine.database(), ({ drop }) => drop())
  const issuer = opening.use(await startTestIssuer())
  const env: Env = { DATABASE_URL: database.url, OIDC_ISSUER: issuer.issuer, RATE_LIMIT: 'off' }
  const people = await createPeople(issuer)

  const opened = opening.move()
  return {
    ...people,
    issuer,
    directory,
    env,
    start: (more: Env = {}) => startService({ directory, env: { ...env, ...more } }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
