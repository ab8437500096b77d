import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { BSON, type Db, type Document, MongoServerError } from 'mongodb'
import { type Applied, assertNonePending, type Migration, pendingAfter } from '../migrations.ts'
import { literal, NOW } from './documents.ts'
import { isDuplicate } from './errors.ts'

const NAMESPACE_EXISTS = 48
const DURABLE = { w: 'majority', j: true }

/** The migrating process renews its lock; after this time the lock of a dead one is free. */
const LOCK_MS = 10_000
const RENEW_EVERY_MS = 2_000
const LOCK_INTERVAL_MS = 100

type Named = Document & { _id: string }
const locks = (db: Db) => db.collection<Named>('schema_lock')
const applied = (db: Db) => db.collection<Named>('schema_migrations')

/**
 * Applies what is pending, and returns the names. Other processes that migrate the same database wait, then find
 * nothing to do. Commands of a migration do not roll back: it is recorded after its last one, and all of them can run again, so
 * that the next run completes it after a failure.
 *
 * @throws {SchemaMismatch} when the database has taken other migrations than these
 */
export async function migrateMongodb(db: Db, migrations: readonly Migration[]): Promise<readonly string[]> {
  if ((await pendingIn(db, migrations)).length === 0) return []
  return locked(db, async (assertHeld) => {
    const pending = await pendingIn(db, migrations)
    for (const migration of pending) {
      await apply(db, migration, assertHeld)
    }
    return pending.map(({ name }) => name)
  })
}

/** @throws {SchemaMismatch} unless the database has taken exactly these migrations */
export async function checkMongodbSchema(db: Db, migrations: readonly Migration[]): Promise<void> {
  assertNonePending(await pendingIn(db, migrations))
}

async function pendingIn(db: Db, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const known = await applied(db)
    .find({}, { sort: { _id: 1 } })
    .toArray()
  return pendingAfter(
    known.map(({ _id, checksum }): Applied => ({ name: _id, checksum })),
    migrations,
  )
}

async function apply(db: Db, { name, sql: text, checksum }: Migration, assertHeld: () => Promise<void>): Promise<void> {
  try {
    for (const command of BSON.EJSON.parse(text) as Document[]) {
      await assertHeld()
      await run(db, command)
    }
    await applied(db).insertOne({ _id: name, checksum, appliedAt: new Date() })
  } catch (cause) {
    throw new Error(`Migration ${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** A collection that is there already, as an earlier attempt or a transaction made it, gets the validator. */
async function run(db: Db, command: Document): Promise<void> {
  try {
    const { writeErrors = [] } = await db.command({ ...command, writeConcern: DURABLE })
    for (const { errmsg } of writeErrors) throw new Error(errmsg)
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error
    const { create, ...options } = command
    await db.command({ collMod: create, ...options, writeConcern: DURABLE })
  }
}

async function locked<Result>(db: Db, work: (assertHeld: () => Promise<void>) => Promise<Result>): Promise<Result> {
  const token = randomUUID()
  while (!(await takeLock(db, token))) await sleep(LOCK_INTERVAL_MS)
  let renewing = Promise.resolve(true)
  const timer = setInterval(() => {
    renewing = takeLock(db, token).catch(() => false)
  }, RENEW_EVERY_MS)

  try {
    return await work(async () => {
      if (!(await renewing)) throw new Error('another process took the migration lock')
    })
  } finally {
    clearInterval(timer)
    await renewing
    await locks(db).deleteOne({ _id: 'migrations', token })
  }
}

/** Takes the lock where it is free or held under this token already. Whether it is held then. */
async function takeLock(db: Db, token: string): Promise<boolean> {
  const isFree = {
    $or: [{ $eq: ['$token', literal(token)] }, { $lte: [{ $ifNull: ['$until', new Date(0)] }, NOW] }],
  }
  const taken = { _id: '$_id', token: literal(token), until: { $add: [NOW, LOCK_MS] } }
  try {
    const held = await locks(db).findOneAndUpdate(
      { _id: 'migrations' },
      [{ $replaceWith: { $cond: [isFree, taken, '$$ROOT'] } }],
      { upsert: true, returnDocument: 'after' },
    )
    return held?.['token'] === token
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}
