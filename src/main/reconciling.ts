import { DuplicateMessage } from '../domains/errors/idempotency-errors.ts'
import type { Store } from '../domains/ports/store.ts'
import { keycloakDirectory } from '../infrastructures/authentication/keycloak/directory.ts'
import { subjectIds } from '../infrastructures/authentication/subject-ids.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { startClockPeriods } from './clock-periods.ts'
import type { Config } from './config.ts'
import { openAdminApi } from './keycloak.ts'
import { logWarning } from './log-warning.ts'
import { createReconciliation } from './modules.ts'
import { sleep } from './sleep.ts'

/** Compares all users with Keycloak once per period, if the settings name an admin client. */
export function startReconciling(store: Store, config: Config, logger: Logger) {
  const { reconcileEveryMs: everyMs } = config.keycloak
  const api = openAdminApi(config)
  if (everyMs === null || api === null) return { stop: async () => {} }

  const { run } = createReconciliation({
    ...{ store, directory: keycloakDirectory(api), now: () => new Date() },
    idOf: subjectIds(config.oidc.issuer ?? ''),
  })

  async function reconcile(isStopping: () => boolean): Promise<void> {
    const { isComplete: _, ...counts } = await run({
      ...{ isDryRun: false, isStopping },
      onRepair: ({ id, outcome }) => logger.info({ 'user.id': id }, `a user was ${outcome}, as Keycloak says`),
    })
    logger.debug(counts, 'users were compared with Keycloak')
  }

  const onFailure = logWarning(logger, 'cannot compare users with Keycloak')
  const claim = periodClaims(store, everyMs)
  return startClockPeriods(reconcile, { everyMs, claim, sleep, now: Date.now, onFailure })
}

/** The first process claims a period in the inbox. If it dies, another process claims the next period. */
const periodClaims =
  ({ transact }: Pick<Store, 'transact'>, everyMs: number) =>
  async (period: number): Promise<boolean> => {
    const id = `${everyMs} ${period}`
    const message = { consumer: 'reconciliation', id, subject: id, version: 1, digest: '' }
    try {
      await transact((uow) => uow.inbox.markProcessed(message))
      return true
    } catch (error) {
      if (error instanceof DuplicateMessage) return false
      throw error
    }
  }
