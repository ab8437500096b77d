import { randomBytes } from 'node:crypto'
import { type Db, MongoClient } from 'mongodb'
import { mongodbUrl } from './engines.ts'

/** A database of its own on the MongoDB of the tests, and how to look into it and to drop it. */
export type MongodbDatabase = Readonly<{ url: string; with: WithDatabase; drop: () => Promise<void> }>
type WithDatabase = <Result>(work: (db: Db, client: MongoClient) => Promise<Result>) => Promise<Result>

/** A name for an empty database. */
export function freshMongodb(server: string | null = mongodbUrl): MongodbDatabase {
  if (server === null) throw new Error('TEST_MONGODB_URL is not set.')
  const name = `forum_test_${randomBytes(6).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`

  const withDatabase: WithDatabase = async (work) => {
    await using client = new MongoClient(url.href, { readConcern: { level: 'majority' } })
    return await work(client.db(name), client)
  }
  return { url: url.href, with: withDatabase, drop: () => withDatabase(drop) }
}

/** SecantusDB stands still where it drops what the open transaction of a killed process has written: its data goes with it. */
async function drop(db: Db): Promise<void> {
  const { secantusVersion } = await db.command({ buildInfo: 1 })
  if (secantusVersion === undefined) await db.dropDatabase()
}
