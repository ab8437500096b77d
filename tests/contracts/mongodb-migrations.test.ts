import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Migration, readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { checkMongodbSchema, migrateMongodb } from '../../src/infrastructures/store/mongodb/migrate.ts'
import { SchemaMismatch } from '../../src/infrastructures/store/store-errors.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshMongodb, type MongodbDatabase } from '../kit/fresh-mongodb.ts'

const migration = (name: string, ...commands: readonly object[]) => Migration.of(name, JSON.stringify(commands))

const validator = { $jsonSchema: { required: ['name'] } }
const first = migration('0001_first', { create: 'one', validator }, { create: 'two' })
const second = migration('0002_second', { create: 'three' })
const mended = migration('0001_first', { create: 'uno' })
const broken = migration('0002_second', { create: 'three' }, { createIndexes: 'three', indexes: 'none' })

const mismatch = (message: RegExp, hint: RegExp) => (error: unknown) => {
  assert(error instanceof SchemaMismatch)
  assert.match(error.message, message)
  assert.match(error.hint, hint)
  return true
}

describe('migrations of MongoDB', { skip: skipWithout('mongodb') }, () => {
  async function onEmpty(work: (database: MongodbDatabase & ReturnType<typeof migrating>) => Promise<void>) {
    const database = freshMongodb()
    try {
      await work({ ...database, ...migrating(database) })
    } finally {
      await database.drop()
    }
  }

  it('are applied in order, and the second time none', () =>
    onEmpty(async ({ migrate, collections }) => {
      assert.deepEqual(await migrate(first), ['0001_first'])
      assert.deepEqual(await migrate(first, second), ['0002_second'])
      assert.deepEqual(await migrate(first, second), [])
      assert.deepEqual(await collections(), ['one', 'three', 'two'])
    }))

  it('make collections that refuse documents which no description allows', () =>
    onEmpty(async ({ migrate, check, with: within }) => {
      const all = readMigrations('mongodb')
      await migrate(...all)
      await check(...all)

      await within(async (db) => {
        const lease = { _id: 'other' as never, token: 1, until: new Date() }
        await assert.rejects(db.collection('outbox_lease').insertOne(lease), { code: 121 })
      })
    }))

  it('keep what they made when one fails, which the error names, and go on from there once it is mended', () =>
    onEmpty(async ({ migrate, check, with: within }) => {
      await within(async (db) => void (await db.createCollection('one'))) // as a first attempt that was killed may leave it

      await assert.rejects(migrate(first, broken), /^Error: Migration 0002_second failed: /)
      await assert.rejects(check(first, second), mismatch(/: 0002_second/, /db:migrate/))

      assert.deepEqual(await migrate(first, second), ['0002_second'])
      await within((db) => assert.rejects(db.collection('one').insertOne({}), { code: 121 }))
    }))

  it('are refused when they are not those that the database has taken', () =>
    onEmpty(async ({ migrate, check }) => {
      await assert.rejects(check(first), mismatch(/older than this code.*0001_first/, /npm run db:migrate/))
      await migrate(first)
      await assert.rejects(migrate(mended, second), mismatch(/0001_first was changed/, /db:revision/))
      await migrate(first, second)
      await assert.rejects(migrate(first), mismatch(/newer than this code.*0002_second/, /newer code/))
      const late = migration('0001_before')
      await assert.rejects(migrate(late, first, second), mismatch(/0001_before comes before/, /db:revision/))
    }))

  it('are applied once when ten ask for them at once', () =>
    onEmpty(async ({ migrate, check }) => {
      const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(first, second)))

      assert.deepEqual(applied.map(String).sort(), ['0001_first,0002_second', ...Array(9).fill('')].sort())
      await check(first, second)
    }))

  it('converge after the process that applies them was killed in the middle of one', () =>
    onEmpty(async ({ url, migrate, check, collections }) => {
      const many = Array.from({ length: 3_000 }, (_, n) => ({ createIndexes: 'four', indexes: [index(n % 40)] }))
      const long = migration('0002_second', { create: 'three' }, ...many)
      const child = spawn(process.execPath, [PROCESS, url], { stdio: ['pipe', 'ignore', 'inherit'] })
      child.stdin.end(JSON.stringify([first, long].map(({ name, sql }) => [name, sql])))
      while (!(await collections()).includes('four')) await sleep(20)
      child.kill('SIGKILL')
      const [, signal] = await once(child, 'exit')

      assert.equal(signal, 'SIGKILL')
      assert.deepEqual(await migrate(first, second), ['0002_second'])
      await check(first, second)
    }))
})

const PROCESS = new URL('mongodb-migration-process.ts', import.meta.url).pathname

const index = (n: number) => ({ name: `field${n}`, key: { [`field${n}`]: 1 } })

const migrating = ({ with: within }: MongodbDatabase) => ({
  migrate: (...migrations: readonly Migration[]) => within((db) => migrateMongodb(db, migrations)),
  check: (...migrations: readonly Migration[]) => within((db) => checkMongodbSchema(db, migrations)),
  collections: () =>
    within(async (db) => {
      const all = await db.listCollections({}, { nameOnly: true }).toArray()
      return all
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('schema_'))
        .sort()
    }),
})
