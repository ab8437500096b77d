import type { Check, Checks } from '../../patterns/vital-signs.ts'

export type Finding = Readonly<{ status: 'up' | 'down'; isRequired: boolean; latencyMs: number; cause: string | null }>
export type Findings = Readonly<Record<string, Finding>>

/** A part that says nothing for so long is down. */
export const PATIENCE_MS = 2_000
const FIGURE_PATIENCE_MS = 1_000

/** Asks all parts at once. One that says nothing for so long is down. */
export async function inspect(checks: Checks, patienceMs: number): Promise<Findings> {
  const findings = Object.entries(checks).map(async ([name, check]) => [name, await find(check, patienceMs)] as const)
  return Object.fromEntries(await Promise.all(findings))
}

async function find({ ping, isRequired, causeOf = () => null }: Check, patienceMs: number): Promise<Finding> {
  const start = performance.now()
  const outcome = await within(patienceMs, ping).then(
    () => ({ status: 'up', cause: null }) as const,
    (error) => ({ status: 'down', cause: causeOf(error) }) as const,
  )
  return { ...outcome, isRequired, latencyMs: Math.round((performance.now() - start) * 10) / 10 }
}

/** Whether all is up that is required. */
export const isFit = (findings: Findings): boolean =>
  Object.values(findings).every(({ status, isRequired }) => status === 'up' || !isRequired)

/** Whether all that is required is up. Nothing else is waited for. */
export async function areRequiredUp(checks: Checks): Promise<boolean> {
  const required = Object.entries(checks).filter(([, { isRequired }]) => isRequired)
  return isFit(await inspect(Object.fromEntries(required), PATIENCE_MS))
}

/** All figures of all parts, as far as they can be read. */
export async function readFigures(checks: Checks): Promise<Readonly<Record<string, object>>> {
  const all = Object.entries(checks).map(async ([name, { figures }]) => [name, await figuresOf(figures)] as const)
  return Object.fromEntries(await Promise.all(all))
}

async function figuresOf(figures: Check['figures'] = {}): Promise<Readonly<Record<string, number>>> {
  const read = Object.entries(figures).map(async ([name, figure]) => {
    const value = await within(FIGURE_PATIENCE_MS, figure).catch(() => Number.NaN)
    return Number.isFinite(value) ? [[name, value] as const] : []
  })
  return Object.fromEntries((await Promise.all(read)).flat())
}

/** What a task gives, if it does so in time. @throws {Error} when it fails, or is late */
export async function within<Outcome>(milliseconds: number, task: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('too late')), milliseconds)
  try {
    return await Promise.race([task(), late])
  } finally {
    clearTimeout(timer)
  }
}
