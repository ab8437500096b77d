import { text } from 'node:stream/consumers'
import { MongoClient } from 'mongodb'
import { Migration } from '../../src/infrastructures/store/migrations.ts'
import { migrateMongodb } from '../../src/infrastructures/store/mongodb/migrate.ts'

const sources: [name: string, commands: string][] = JSON.parse(await text(process.stdin))
await using client = new MongoClient(process.argv[2] ?? '')
await migrateMongodb(
  client.db(),
  sources.map(([name, commands]) => Migration.of(name, commands)),
)
