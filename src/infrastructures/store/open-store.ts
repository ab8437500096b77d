import type { Aggregates } from './aggregate.ts'
import type { StoreDriver } from './driver.ts'
import { memoryDriver } from './memory/memory-driver.ts'
import { openPostgres } from './postgres/open-postgres.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'

export type StoreChoice =
  | Readonly<{ kind: 'memory' }>
  | Readonly<{ kind: 'sqlite'; file: string }>
  | Readonly<{ kind: 'postgres'; url: string }>
  | Readonly<{ kind: 'mariadb'; url: string }>
  | Readonly<{ kind: 'mongodb'; url: string }>

export type StoreOptions = Readonly<{
  aggregates: Aggregates
  migrates: boolean
  poolSize: number
  onIdleError: (error: Error) => void
  onPooler?: () => void
}>

/**
 * Opens the configured database: the only place that knows the adapters.
 *
 * @throws {SchemaMismatch} when its schema is not what this code needs
 * @throws {StoreSetupError} when it cannot be used as it is set up
 */
export async function openStore(choice: StoreChoice, options: StoreOptions): Promise<StoreDriver> {
  switch (choice.kind) {
    case 'memory':
      return memoryDriver(options.aggregates)
    case 'sqlite':
      return openSqlite({ file: choice.file, ...options })
    case 'postgres':
      return openPostgres({ url: choice.url, ...options })
    case 'mariadb':
      return (await import('./mariadb/open-mariadb.ts')).openMariadb({ url: choice.url, ...options })
    case 'mongodb': {
      const { openMongodb } = await import('./mongodb/open-mongodb.ts') // its client is loaded only where it is used
      return openMongodb({ url: choice.url, ...options })
    }
  }
}
