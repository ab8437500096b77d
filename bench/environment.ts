import type { Candidate } from './candidates.ts'
import { postId } from './data.ts'
import type { BenchDatabase } from './database.ts'
import type { Engines } from './engine.ts'
import { loadMariadb } from './mariadb-database.ts'
import { loadMongodb } from './mongo-database.ts'
import { createPeople } from './people.ts'
import { loadPostgres } from './postgres-database.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { loadSqlite } from './sqlite-database.ts'

const LOADERS: Readonly<Record<Candidate['store'], (serverUrl: string, posts: number) => Promise<BenchDatabase>>> = {
  postgres: loadPostgres,
  mariadb: loadMariadb,
  mysql: loadMariadb,
  mongodb: loadMongodb,
  sqlite: (_, posts) => loadSqlite(posts),
}

export type Environment = Awaited<ReturnType<typeof createEnvironment>>

/** Loaded databases, users with tokens, and one running candidate at a time. */
export async function createEnvironment(urls: Engines['urls'], rows: number, candidates: readonly Candidate[]) {
  await using building = new AsyncDisposableStack()
  const people = building.use(await createPeople())
  const databases = new Map<Candidate['store'], BenchDatabase>()
  for (const store of new Set(candidates.map((candidate) => candidate.store))) {
    const start = performance.now()
    const database = await LOADERS[store](urls[store] ?? '', rows)
    console.log(`loaded ${database.name} in ${((performance.now() - start) / 1000).toFixed(0)} s`)
    building.defer(() => database.close())
    databases.set(store, database)
  }
  const { tokens, issuer } = people
  const databaseOf = ({ store }: Candidate) => databases.get(store) as BenchDatabase
  const resources = building.move()

  return {
    rows,
    tokens,
    engine: databases.get('postgres')?.name ?? '',

    /** What really serves the candidates that are not on PostgreSQL. */
    others: candidates
      .filter(({ store }) => store !== 'postgres')
      .map((candidate) => ({ candidate: candidate.name, engine: databaseOf(candidate).name })),

    /** The database of a candidate, restored to the loaded rows. */
    async restored(candidate: Candidate): Promise<BenchDatabase> {
      const database = databaseOf(candidate)
      await database.restore()
      return database
    },

    async withServer<Result>(candidate: Candidate, work: (server: ServerProcess) => Promise<Result>): Promise<Result> {
      const variables = {
        DATABASE_URL: databaseOf(candidate).url,
        OIDC_ISSUER: issuer,
        RATE_LIMIT: 'off',
        LOG_LEVEL: 'warn',
        NODE_ENV: 'production',
        SHUTDOWN_DELAY: '0s',
        HTTP_HOST: '127.0.0.1',
        ...candidate.environment,
        ...(candidate.queue && { QUEUE_URL: urls[candidate.queue] }),
      }
      const probe = { path: `/v1/posts/${postId(1)}`, token: tokens[1] ?? '' }
      const server = await startServer(candidate, variables, probe)
      try {
        return await work(server)
      } finally {
        await server.stop()
      }
    },

    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
