import type { Worker } from 'node:cluster'
import type { HealthSource } from '../../controllers/health/health-source.ts'
import type { SettingValues } from '../../infrastructures/configuration/settings-source.ts'
import type { MetricReading } from '../../patterns/monitoring.ts'
import type { MetricTotals } from './metric-totals.ts'

type HealthRequests = { [Name in keyof HealthSource]: Readonly<{ name: Name; args: Parameters<HealthSource[Name]> }> }
type HealthRequest = HealthRequests[keyof HealthSource]

/** The messages between a supervisor and its workers. */
export type ToWorker = Readonly<
  | { kind: 'settings'; values: SettingValues }
  | { kind: 'stop'; delayMs: number }
  | { kind: 'ask'; id: number; request: HealthRequest }
>
export type ToSupervisor = Readonly<
  | { kind: 'serving' }
  | { kind: 'answer'; id: number; value: unknown }
  /** The last message of a worker: its final counts. */
  | { kind: 'totals'; readings: readonly MetricReading[] }
>

/** After so long without a reply, a worker is left out. */
const REPLY_TIMEOUT_MS = 3_000

export const sendToSupervisor = (message: ToSupervisor): void => void process.send?.(message)

/** Lets the supervisor read the health of this worker, and stop it. */
export function serveHealthRequests(source: HealthSource, onStop: (delayMs: number) => void): void {
  process.on('message', async (message: ToWorker) => {
    if (message.kind === 'stop') return onStop(message.delayMs)
    if (message.kind !== 'ask') return
    const { name, args } = message.request
    const value = await (source[name] as (...all: unknown[]) => Promise<unknown>)(...args)
    if (process.connected) sendToSupervisor({ kind: 'answer', id: message.id, value })
  })
}

/** Adds the counts of a worker to the totals, also after its end. */
export function followTotals(worker: Worker, totals: MetricTotals<Worker>): void {
  const endWhenSilent = () => worker.isDead() && !worker.isConnected() && totals.end(worker)

  totals.begin(worker)
  worker.on('message', (message: ToSupervisor) => message.kind === 'totals' && totals.add(worker, message.readings))
  worker.on('exit', endWhenSilent).on('disconnect', endWhenSilent) // Its last message may come between the two.
}

let lastId = 0

/** The reply of a worker; null if it ends, or does not reply in time. */
export function ask(worker: Worker, request: HealthRequest): Promise<unknown> {
  const id = ++lastId
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const take = (message: ToSupervisor) => message.kind === 'answer' && message.id === id && resolve(message.value)
  const giveUp = () => resolve(null)
  const timer = setTimeout(giveUp, REPLY_TIMEOUT_MS)

  worker.on('message', take).on('exit', giveUp)
  if (worker.isConnected()) worker.send({ kind: 'ask', id, request } satisfies ToWorker)
  else giveUp()
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('message', take).off('exit', giveUp)
  })
}
