import { keycloakDirectory } from '../../infrastructures/authentication/keycloak/directory.ts'
import { subjectIds } from '../../infrastructures/authentication/subject-ids.ts'
import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../../infrastructures/store/create-store.ts'
import type { Config } from '../config.ts'
import { requireAdminApi } from '../keycloak.ts'
import { createReconciliation } from '../modules.ts'
import { openDriver } from './open-driver.ts'

/** Compares all users with Keycloak and repairs the mirror, or prints the differences. Safe beside a running service. */
export async function reconcile(config: Config, isDryRun: boolean): Promise<void> {
  const directory = keycloakDirectory(requireAdminApi(config))
  const driver = await openDriver(config)
  try {
    const store = createStore(driver, FORUM)
    const reconciliation = createReconciliation({
      ...{ store, directory, now: () => new Date() },
      idOf: subjectIds(config.oidc.issuer ?? ''),
    })
    const will = isDryRun ? 'would be ' : ''
    const summary = await reconciliation.run({
      isDryRun,
      onRepair: ({ id, outcome, fields }) =>
        printLine(`${id} ${will}${outcome}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`),
      onProgress: (read) => void process.stderr.write(`${read} people read\n`),
    })
    const { read, registered, changed, removed, unchanged } = summary
    printLine(
      `${read} people read; ${will}registered ${registered}, changed ${changed}, removed ${removed}; unchanged ${unchanged}`,
    )
  } finally {
    await driver.close()
  }
}

const printLine = (line: string): void => void process.stdout.write(`${line}\n`)
