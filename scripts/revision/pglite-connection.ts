import type { PGlite } from '@electric-sql/pglite'
import type { Connection } from '../../src/infrastructures/store/postgres/migrate.ts'

/** PGlite as a connection: its `query` takes one statement, its `exec` several. */
export const pgliteConnection = (database: PGlite): Connection => ({
  query: async (text, values) =>
    values === undefined ? ((await database.exec(text)).at(-1) ?? { rows: [] }) : database.query(text, values),
})
