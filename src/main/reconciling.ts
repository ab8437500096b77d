import { DuplicateMessage } from '../domains/errors/idempotency-errors.ts'
import type { Store } from '../domains/ports/store.ts'
import { keycloakDirectory } from '../infrastructures/authentication/keycloak/directory.ts'
import { subjectIds } from '../infrastructures/authentication/subject-ids.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { createCancellableSleep } from '../patterns/cancellable-sleep.ts'
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

  const reconciliation = createReconciliation({
    ...{ store, directory: keycloakDirectory(api), now: () => new Date() },
    idOf: subjectIds(config.oidc.issuer ?? ''),
  })
  return startPeriods(everyMs, (isStopping) => runUnderLease(reconciliation, periodLease(store, everyMs), isStopping), {
    onFailure: logWarning(logger, 'cannot compare users with Keycloak'),
  })

  /** Also claims the periods that begin while it runs, so that one process runs at a time. */
  async function runUnderLease({ run }: Reconciliation, lease: PeriodLease, isStopping: () => boolean) {
    if (!(await lease.take())) return
    const holding = setInterval(() => void lease.takeNext().catch(() => {}), lease.everyMs / 2)
    try {
      const { isComplete: _, ...counts } = await run({
        ...{ isDryRun: false, isStopping },
        onRepair: ({ id, outcome }) => logger.info({ 'user.id': id }, `a user was ${outcome}, as Keycloak says`),
      })
      logger.debug(counts, 'users were compared with Keycloak')
    } finally {
      clearInterval(holding)
    }
  }
}

type Task = (isStopping: () => boolean) => Promise<void>

/** Runs a task at the beginning of each period of the clock. */
function startPeriods(everyMs: number, task: Task, { onFailure }: Readonly<{ onFailure: (error: unknown) => void }>) {
  const pauses = createCancellableSleep(sleep)

  async function run(): Promise<void> {
    while (!pauses.isCancelled()) {
      await pauses.sleep(everyMs - (Date.now() % everyMs))
      if (!pauses.isCancelled()) await task(pauses.isCancelled).catch(onFailure)
    }
  }

  const running = run()
  return {
    async stop() {
      pauses.cancel()
      await running
    },
  }
}

type Reconciliation = ReturnType<typeof createReconciliation>
type PeriodLease = ReturnType<typeof periodLease>

/** The first process claims a period in the inbox. If it dies, another process claims the next period. */
function periodLease({ transact }: Pick<Store, 'transact'>, everyMs: number) {
  async function takePeriod(number: number): Promise<boolean> {
    const id = `${everyMs} ${number}`
    const message = { consumer: 'reconciliation', id, subject: id, version: 1, digest: '' }
    try {
      await transact((uow) => uow.inbox.markProcessed(message))
      return true
    } catch (error) {
      if (error instanceof DuplicateMessage) return false
      throw error
    }
  }
  /** A timer that fires slightly early, by a clock that is slightly behind, belongs to the period that begins. */
  const current = () => Math.floor(Date.now() / everyMs + 0.25)
  return { everyMs, take: () => takePeriod(current()), takeNext: () => takePeriod(current() + 1) }
}
