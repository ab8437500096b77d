import { randomBytes } from 'node:crypto'
import { type Db, MongoClient } from 'mongodb'
import { mongodbUrl } from './engines.ts'

/** A database of its own on the MongoDB of the tests, and how to look into it and to drop it. */
export type MongodbDatabase = Readonly<{ url: string; with: WithDatabase; drop: () => Promise<void> }>
type WithDatabase = <Result>(work: (db: Db, client: MongoClient) => Promise<Result>) => Promise<Result>

/** A name for an empty database on the MongoDB of the tests, or on another one. */
export function freshMongodb(url = mongodbUrl): MongodbDatabase {
  if (url === null) throw new Error('TEST_MONGODB_URL is not set.')
  // Several hosts are no URL to Node.js.
  const [, server, parameters = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)[^?]*(\?.*)?$/.exec(url) ?? []
  return mongodbDatabase(`${server}/forum_test_${randomBytes(6).toString('hex')}${parameters}`)
}

export function mongodbDatabase(url: string): MongodbDatabase {
  const withDatabase: WithDatabase = async (work) => {
    await using client = new MongoClient(url, { readConcern: { level: 'majority' } })
    return await work(client.db(), client)
  }
  return { url, with: withDatabase, drop: () => withDatabase(drop) }
}

/** SecantusDB stands still where it drops what the open transaction of a killed process has written: its data goes with it. */
async function drop(db: Db): Promise<void> {
  const { secantusVersion } = await db.command({ buildInfo: 1 })
  if (secantusVersion === undefined) await db.dropDatabase()
}
