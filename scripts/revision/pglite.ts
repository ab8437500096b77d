import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { Connection } from '../../src/infrastructures/store/postgres/migrate.ts'

const PACKAGE = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
const CACHE = new URL('../../.cache/', PACKAGE)

/** A new, empty database. Its files are kept beside the packages, so that only the first one pays for `initdb` (2 s of CPU). */
export async function createPglite(): Promise<PGlite> {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8'))
  const file = fileURLToPath(new URL(`pglite-${version}.tar`, CACHE))
  try {
    return await PGlite.create({ loadDataDir: new Blob([readFileSync(file)]) })
  } catch {} // there is none yet, or it was cut off
  const database = await PGlite.create()
  await keep(database, file)
  return database
}

/** In one step, as several processes may do so at once. Where the packages cannot be written to, nothing is kept. */
async function keep(database: PGlite, file: string): Promise<void> {
  const dump = await database.dumpDataDir('none')
  const draft = `${file}.${process.pid}`
  try {
    mkdirSync(CACHE, { recursive: true })
    writeFileSync(draft, Buffer.from(await dump.arrayBuffer()))
    renameSync(draft, file)
  } catch {}
}

/** PGlite as a connection: its `query` takes one statement, its `exec` several. */
export const pgliteConnection = (database: PGlite): Connection => ({
  query: async (text, values) =>
    values === undefined ? ((await database.exec(text)).at(-1) ?? { rows: [] }) : database.query(text, values),
})
