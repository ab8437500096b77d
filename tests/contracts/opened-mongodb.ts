import { type Db, MongoClient } from 'mongodb'
import type { Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { mongodbDriver } from '../../src/infrastructures/store/mongodb/mongodb-driver.ts'
import { openMongodb } from '../../src/infrastructures/store/mongodb/open-mongodb.ts'
import { collectionOf, commandsOf } from '../../src/infrastructures/store/mongodb/schema.ts'
import { freshMongodb } from '../kit/fresh-mongodb.ts'
import type { Interruption } from './interrupted.ts'
import type { EventEnvelope, OpenStore } from './opened.ts'

/** Opens the MongoDB store on an empty database. */
export const openingMongodb =
  (aggregates: Aggregates): OpenStore =>
  async () => {
    const database = freshMongodb()
    const opened: Readonly<{ close(): Promise<void> }>[] = []

    async function connect(): Promise<StoreDriver> {
      const driver = await openMongodb({ aggregates, url: database.url, poolSize: 6, migrates: true })
      opened.push(driver)
      return driver
    }

    async function interrupted(interrupt: Interruption): Promise<StoreDriver> {
      const client = new MongoClient(database.url, { maxPoolSize: 6 })
      const driver = mongodbDriver(client, interruptedDatabase(client.db(), interrupt), aggregates)
      opened.push(driver)
      return driver
    }

    async function closeAll(): Promise<void> {
      for (const driver of opened.splice(0)) await driver.close()
    }

    const driver = await connect()
    await database.with((db) => makeCollections(db, aggregates))

    return {
      driver,
      outbox: () => database.with(eventsIn),
      age: (milliseconds) => database.with((db) => age(db, milliseconds)),
      second: connect,
      interrupted,
      reopen: () => closeAll().then(connect),
      close: () => closeAll().then(database.drop),
    }
  }

/** As far as no migration has made them. */
async function makeCollections(db: Db, aggregates: Aggregates): Promise<void> {
  const existing = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name))
  const missing = Object.values(aggregates)
    .map(collectionOf)
    .filter(({ name }) => !existing.has(name))
  for (const command of missing.flatMap(commandsOf)) await db.command(command)
}

/** Each field whose value says when something happened, or until when it holds. */
const TIMES = {
  outbox: ['time', 'publishedAt'],
  outbox_lease: ['until'],
  inbox: ['handledAt'],
  inbox_subjects: ['handledAt'],
  idempotency_keys: ['reservedUntil', 'expiresAt'],
} as const

async function age(db: Db, milliseconds: number): Promise<void> {
  for (const [collection, fields] of Object.entries(TIMES)) {
    const earlier = fields.map((field) => [field, { $subtract: [`$${field}`, milliseconds] }])
    await db.collection(collection).updateMany({}, [{ $set: Object.fromEntries(earlier) }])
  }
}

async function eventsIn(db: Db): Promise<readonly EventEnvelope[]> {
  const documents = await db
    .collection('outbox')
    .find({}, { sort: { _id: 1 } })
    .toArray()
  return documents.map(({ type, subject, version, time, schemaVersion, data }) => ({
    type,
    subject: String(subject),
    version,
    time,
    schemaVersion,
    data: JSON.parse(data),
  }))
}

/** A database on whose outbox others can get in between the statements. */
function interruptedDatabase(db: Db, interrupt: Interruption): Db {
  let statements = 0
  const interrupting = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(_, name) {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => {
          if (['sort', 'limit'].includes(String(name))) return interrupting(method.apply(target, args))
          if (name === 'find') return interrupting(method.apply(target, args))
          return Promise.resolve(interrupt(++statements)).then(() => method.apply(target, args))
        }
      },
    })
  return new Proxy(db, {
    get(_, name) {
      if (name !== 'collection') return Reflect.get(db, name)
      return (of: string) => (of.startsWith('outbox') ? interrupting(db.collection(of)) : db.collection(of))
    },
  })
}
