import { UUID } from 'mongodb'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { keyOf } from '../../src/infrastructures/store/mongodb/documents.ts'
import { migrateMongodb } from '../../src/infrastructures/store/mongodb/migrate.ts'
import { mongodbDriver } from '../../src/infrastructures/store/mongodb/mongodb-driver.ts'
import { collectionOf, commandsOf } from '../../src/infrastructures/store/mongodb/schema.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshMongodb } from '../kit/fresh-mongodb.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { mongodbTroubles, watchedClient } from '../kit/mongodb-plans.ts'
import { describePlans, SIZES } from './query-plans.contract.ts'

/** A part of what the others get: neither the rule nor the planner of a mongod asks how many there are. */
const SHARE = 200
const MINUTE = 60_000

const id = (n: number) => new UUID(`00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`)
const ago = (n: number) => new Date(Date.now() - n * MINUTE)
const written = (n: number) => ({ text: 'Hello.', version: 1, createdAt: ago(n), updatedAt: ago(n) })
const writer = (n: number) => id((n % (SIZES.members / SHARE)) + 1)

const ROWS = {
  members: (n: number) => ({
    ...{ _id: id(n), name: `member${n}`, isActive: true, removedAt: null },
    ...{ version: 1, createdAt: ago(0), updatedAt: ago(0) },
  }),
  books: (n: number) => ({
    ...{ _id: id(n), ownerId: writer(n), genre: 'novel', isbn: `${n}`, pages: n, isRare: false },
    ...{ shelfId: id(n), printedAt: ago(0), ...written(n) },
  }),
  reviews: (n: number) => ({
    _id: id(n),
    bookId: id((n % (SIZES.books / SHARE)) + 1),
    ownerId: writer(n),
    ...written(n),
  }),
  outbox: (n: number) => ({
    ...{ _id: id(n), type: 'book.written', subject: id(n), version: 1, time: ago(n), schemaVersion: '1.0', data: '{}' },
    publishedAt: n > SIZES.pending / SHARE ? ago(n) : null,
  }),
  loans: (n: number) => ({
    ...{ _id: id(n), ownerId: writer(n), number: n, bookId: id(1), createdAt: ago(n) },
    returnedAt: n % 3 === 0 ? ago(0) : null,
  }),
  inbox: (n: number) => ({ _id: `tests ${n}`, subject: `${n % 5000}`, version: n, digest: '', handledAt: ago(n) }),
  idempotency_keys: (n: number) => ({
    ...{ _id: `${writer(n)} ${n}`, fingerprint: '', token: `${n}`, answer: '' },
    ...{ reservedUntil: ago(n), expiresAt: ago(n) },
  }),
}
const COUNTS: Readonly<Record<keyof typeof ROWS, number>> = {
  ...{ members: SIZES.members, books: SIZES.books, reviews: SIZES.reviews, loans: SIZES.loans },
  ...{ outbox: SIZES.published + SIZES.pending, inbox: SIZES.handled, idempotency_keys: SIZES.keys },
}

/** The missing fields, each of which the validators require. */
const nulls: Readonly<Record<string, object>> = Object.fromEntries(
  Object.values(LIBRARY.aggregates).map(({ table, columns }) => [
    table,
    Object.fromEntries(Object.keys(columns).map((field) => [keyOf(field), null])),
  ]),
)

describePlans('MongoDB', skipWithout('mongodb'), async () => {
  const fresh = freshMongodb()
  const { client, sent } = watchedClient(fresh.url)
  const db = client.db()
  await migrateMongodb(db, readMigrations('mongodb'))
  for (const command of Object.values(LIBRARY.aggregates).map(collectionOf).flatMap(commandsOf))
    await db.command(command)
  for (const [name, row] of Object.entries(ROWS)) {
    const documents = Array.from({ length: COUNTS[name as keyof typeof ROWS] / SHARE }, (_, at) => ({
      ...nulls[name],
      ...row(at + 1),
    }))
    await db.collection<{ _id: UUID | string }>(name).insertMany(documents)
  }
  const driver = mongodbDriver(client, db, LIBRARY.aggregates)

  return {
    driver,
    async troublesOf(task) {
      sent.length = 0
      await task()
      return fresh.with((other) => mongodbTroubles(other, [...sent]))
    },
    async close() {
      await driver.close()
      await fresh.drop()
    },
  }
})
