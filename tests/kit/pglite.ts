import { PGlite } from '@electric-sql/pglite'
import { pgliteConnection } from '../../scripts/revision/pglite-connection.ts'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import type { Command, Database, Queries, Value } from '../../src/infrastructures/store/postgres/database.ts'
import { translateCommitError, translateReadError } from '../../src/infrastructures/store/postgres/errors.ts'
import { migratePostgres } from '../../src/infrastructures/store/postgres/migrate.ts'

/** PostgreSQL within this process, with the schema of the forum and nothing in it. It has a single connection. */
export async function openPglite(): Promise<PGlite> {
  const pglite = await PGlite.create()
  await migratePostgres(pgliteConnection(pglite), readMigrations('postgres'))
  return pglite
}

/** What the PostgreSQL store needs of a database; here each statement of a commit is a step of its own. */
export function pgliteDatabase(pglite: PGlite): Database {
  const queries: Queries = {
    async query({ text }, values) {
      try {
        return (await pglite.query(text, [...values])).rows
      } catch (error) {
        throw translateReadError(error)
      }
    },
  }

  return {
    ...queries,
    background: queries,
    patient: queries,

    async commit(commands) {
      await pglite.transaction(async (transaction) => {
        for (const command of commands) {
          await execute(command, (text, values) => transaction.query(text, [...values]))
        }
      })
    },

    seenReadOnly: () => {},
    close: () => pglite.close(),
  }
}

async function execute(
  command: Command,
  run: (text: string, values: readonly Value[]) => Promise<unknown>,
): Promise<void> {
  try {
    await run(command.statement.text, command.values)
  } catch (error) {
    throw translateCommitError(error, command)
  }
}
