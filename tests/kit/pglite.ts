import type { PGlite } from '@electric-sql/pglite'
import { createPglite, pgliteConnection } from '../../scripts/revision/pglite.ts'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { translateCommitError, translateReadError } from '../../src/infrastructures/store/postgres/errors.ts'
import { migratePostgres } from '../../src/infrastructures/store/postgres/migrate.ts'
import type { Queries, SqlDatabase } from '../../src/infrastructures/store/sql/database.ts'
import type { Value } from '../../src/infrastructures/store/sql/dialect.ts'
import type { Command } from '../../src/infrastructures/store/sql/statement.ts'

/** PostgreSQL within this process, with the schema of the forum and nothing in it. It has a single connection. */
export async function openPglite(): Promise<PGlite> {
  const pglite = await createPglite()
  await migratePostgres(pgliteConnection(pglite), readMigrations('postgres'))
  return pglite
}

/** What the PostgreSQL store needs of a database; here each statement of a commit is a step of its own. */
export function pgliteDatabase(pglite: PGlite): SqlDatabase {
  const send = (text: string, values: readonly Value[]) =>
    pglite.query(text, [...values]).catch((error) => {
      throw translateReadError(error)
    })
  const queries: Queries = {
    query: async (text, values) => (await send(text, values)).rows,
    execute: async (text, values) => (await send(text, values)).affectedRows ?? 0,
  }

  return {
    ...queries,
    background: queries,
    blocking: queries,

    async commit(commands) {
      await pglite.transaction(async (transaction) => {
        for (const command of commands) {
          await execute(command, (text, values) => transaction.query(text, [...values]))
        }
      })
    },

    async ping() {
      await send('select 1', [])
    },

    close: () => pglite.close(),
  }
}

async function execute(
  command: Command,
  run: (text: string, values: readonly Value[]) => Promise<unknown>,
): Promise<void> {
  try {
    await run(command.text, command.values)
  } catch (error) {
    throw translateCommitError(error, command)
  }
}
