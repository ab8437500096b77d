import type { Check, Checks } from '../../patterns/monitoring.ts'

export type CheckResult = Readonly<{
  status: 'up' | 'down'
  isRequired: boolean
  latencyMs: number
  cause: string | null
}>
export type CheckResults = Readonly<Record<string, CheckResult>>

/** Statistics by part and name. */
export type PartStats = Readonly<Record<string, Readonly<Record<string, number>>>>
/** What this process counts itself, and what each process would report. */
export type Stats = Readonly<{ own: PartStats; shared: PartStats }>

/** A part that does not reply within this time is down. */
export const TIMEOUT_MS = 2_000
const STATS_TIMEOUT_MS = 1_000

/** Pings all parts at once. One that does not reply in time is down. */
export async function runChecks(checks: Checks, timeoutMs: number): Promise<CheckResults> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const)
  return Object.fromEntries(await Promise.all(results))
}

async function runCheck({ ping, isRequired, causeOf = () => null }: Check, timeoutMs: number): Promise<CheckResult> {
  const start = performance.now()
  const outcome = await withTimeout(timeoutMs, ping).then(
    () => ({ status: 'up', cause: null }) as const,
    (error) => ({ status: 'down', cause: causeOf(error) }) as const,
  )
  return { ...outcome, isRequired, latencyMs: Math.round((performance.now() - start) * 10) / 10 }
}

/** Whether all is up that is required. */
export const isHealthy = (results: CheckResults): boolean =>
  Object.values(results).every(({ status, isRequired }) => status === 'up' || !isRequired)

/** The required parts: the readiness check does not wait for the others. */
export const requiredOf = (checks: Checks): Checks =>
  Object.fromEntries(Object.entries(checks).filter(([, { isRequired }]) => isRequired))

/** Whether all that is required is up. Nothing else is waited for. */
export async function areRequiredUp(checks: Checks): Promise<boolean> {
  return isHealthy(await runChecks(requiredOf(checks), TIMEOUT_MS))
}

/** All statistics of all parts, as far as they can be read. */
export async function readStats(checks: Checks): Promise<Stats> {
  const [own, shared] = await Promise.all([readAll(checks, 'stats'), readAll(checks, 'sharedStats')])
  return { own, shared }
}

async function readAll(checks: Checks, kind: 'stats' | 'sharedStats'): Promise<PartStats> {
  const all = Object.entries(checks).map(async ([name, check]) => [name, await statsOf(check[kind])] as const)
  return Object.fromEntries(await Promise.all(all))
}

async function statsOf(stats: Check['stats'] = {}): Promise<Readonly<Record<string, number>>> {
  const read = Object.entries(stats).map(async ([name, stat]) => {
    const value = await withTimeout(STATS_TIMEOUT_MS, stat).catch(() => Number.NaN)
    return Number.isFinite(value) ? [[name, value] as const] : []
  })
  return Object.fromEntries((await Promise.all(read)).flat())
}

/** What a task gives, if it does so in time. @throws {Error} when it fails, or is late */
export async function withTimeout<Outcome>(
  milliseconds: number,
  task: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('too late')), milliseconds)
  try {
    return await Promise.race([task(), late])
  } finally {
    clearTimeout(timer)
  }
}
