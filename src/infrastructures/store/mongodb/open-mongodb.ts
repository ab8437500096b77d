import { type Db, MongoClient, type MongoClientOptions, MongoError, MongoServerError } from 'mongodb'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { reasonOf } from '../../../patterns/reason.ts'
import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { assertServerVersion } from '../../connection/server-version.ts'
import { tlsSetupError } from '../../connection/tls-setup-error.ts'
import type { Aggregates } from '../aggregate.ts'
import type { StoreDriver } from '../driver.ts'
import { readMigrations } from '../migrations.ts'
import { SchemaMismatch, StoreSetupError } from '../store-errors.ts'
import { isDisconnected, translateError } from './errors.ts'
import { checkMongodbSchema, migrateMongodb } from './migrate.ts'
import { mongodbDriver } from './mongodb-driver.ts'
import { type MongodbUrl, parseMongodbUrl } from './mongodb-url.ts'

export type MongodbOptions = Readonly<{ url: string; poolSize: number; migrates: boolean; aggregates: Aggregates }>

/** `$lookup` with a pipeline for each, indexes that are built beside other work. */
const OLDEST = '5.0'

/** What was acknowledged survives every failover, and every read sees it. */
const READ_AND_WRITE_CONCERNS: MongoClientOptions = {
  readConcern: { level: 'majority' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  retryWrites: true,
  retryReads: true,
}

/**
 * How long each wait may take; together they stay below what a client waits for an answer. A server whose heartbeat does not
 * come within the time for connecting is given up with all its connections, so that one is longer.
 */
const TIMEOUTS: MongoClientOptions = {
  serverSelectionTimeoutMS: 2_000,
  waitQueueTimeoutMS: 1_500,
  connectTimeoutMS: 5_000,
}
const SOCKET_TIMEOUT_MS = 5_000

/**
 * Connects to a replica set whose schema is what this code needs, after applying what is pending if `migrates`.
 *
 * @throws {DependencyUnavailable} when no primary answers (yet)
 * @throws {StoreSetupError} when none ever will
 */
export async function openMongodb({ url: text, poolSize, migrates, aggregates }: MongodbOptions): Promise<StoreDriver> {
  const url = parseMongodbUrl(text)
  const migrations = readMigrations('mongodb')
  await withDatabase(url, async (db) => {
    await assertTransactions(db)
    if (migrates) await migrateMongodb(db, migrations)
    else await checkMongodbSchema(db, migrations)
  })
  const client = clientOf(url, { maxPoolSize: poolSize, socketTimeoutMS: SOCKET_TIMEOUT_MS })
  return mongodbDriver(client, client.db(url.database), aggregates)
}

const clientOf = ({ text }: MongodbUrl, options: MongoClientOptions = {}): MongoClient =>
  new MongoClient(text, { ...READ_AND_WRITE_CONCERNS, ...TIMEOUTS, ...options })

/** A migration has no time-out. */
async function withDatabase(url: MongodbUrl, work: (db: Db) => Promise<void>): Promise<void> {
  let client: MongoClient | undefined
  try {
    client = clientOf(url, { maxPoolSize: 2 })
    await work(client.db(url.database))
  } catch (error) {
    throw translateStartError(url, error)
  } finally {
    await client?.close()
  }
}

/** @throws {ServerSetupError} where there are no transactions, or the server is too old */
async function assertTransactions(db: Db): Promise<void> {
  const { setName, msg } = await db.command({ hello: 1 })
  if (setName === undefined && msg !== 'isdbgrid') {
    throw new ServerSetupError('it is not a replica set, and only those have transactions: start it with --replSet')
  }
  const { version } = await db.command({ buildInfo: 1 })
  assertServerVersion(OLDEST, 'MongoDB', version)
}

/** Wrong credentials, no right to do so. */
const PERMANENT = [13, 18, 8000]

/** Distinguishes a wrong setup from a server that is not up yet, and from a failed migration. */
function translateStartError({ place }: MongodbUrl, error: unknown): unknown {
  if (error instanceof SchemaMismatch) return error
  const setupError = error instanceof ServerSetupError ? error : tlsSetupError(rootOf(error))
  const isPermanent = error instanceof MongoServerError && PERMANENT.includes(Number(error.code))
  const isMeant = error instanceof MongoError && !(error instanceof MongoServerError) && !isDisconnected(error)
  if (setupError !== null || isPermanent || isMeant) {
    return new StoreSetupError(`DATABASE_URL mongodb://${place}: ${reasonOf(setupError ?? error)}`)
  }
  const translated = translateError(error)
  if (!(translated instanceof DependencyUnavailable)) return error
  const why = `MongoDB at ${place} (DATABASE_URL): ${reasonOf(error)}`
  return new DependencyUnavailable('database', { cause: new Error(why, { cause: error }) })
}

/** What the network said, below what the driver makes of it. */
function rootOf(error: unknown): unknown {
  const { cause } = error instanceof Error ? error : {}
  return cause === undefined ? error : rootOf(cause)
}
