import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Load } from './load-process.ts'

export type Percentiles = Readonly<{ p50: number; p99: number; max: number }>

export type KindReport = Readonly<{
  /** Answered with 2xx, in a second. */
  perSecond: number
  okMs: Percentiles
  refused: number
  refusedMs: Percentiles
  /** Refused without a Retry-After header. */
  unsaid: number
  /** Not sent, as no connection was free. */
  unsent: number
  others: Readonly<Record<string, number>>
}>

export type LoadReport = Readonly<{
  seconds: number
  /** How late the generator itself was (p99). */
  lateMs: number
  unanswered: number
  kinds: Readonly<Record<string, KindReport>>
}>

const PROCESS = join(import.meta.dirname, 'load-process.ts')

/** Runs the load generator in a process of its own: it neither delays the service nor waits for the test. */
export async function generateLoad(load: Load): Promise<LoadReport> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, JSON.stringify(load)])
  return JSON.parse(stdout)
}

export const goodput = ({ kinds }: LoadReport): number =>
  Object.values(kinds).reduce((sum, { perSecond }) => sum + perSecond, 0)
