import { driveByAutocannon } from './autocannon.ts'
import { isInstalled } from './ready.ts'
import type { Scenario } from './scenarios.ts'
import { driveByWrk } from './wrk.ts'

export type Target = Readonly<{ url: string; scenario: Scenario; tokens: readonly string[] }>

/** `turn` of the first request, so that no two windows use the same posts; so many seconds, or so many requests. */
export type Window = Readonly<{ firstTurn: number; seconds: number } | { firstTurn: number; requests: number }>

export type Measured = Readonly<{ perSecond: number; p50: number; p99: number; requests: number; failures: number }>

export const CONNECTIONS = 64

/**
 * wrk where it is installed: it needs a fifth of the CPU that autocannon needs, and on a machine with few cores the
 * database needs the rest. Only autocannon knows how to stop after a number of requests.
 */
const HAS_WRK = isInstalled('wrk')
export const GENERATOR = HAS_WRK ? 'wrk (autocannon where requests are counted)' : 'autocannon'

/** Keeps 64 kept-alive connections busy. Failures are counted, reported beside the measurements, and fail the run. */
export const drive = (target: Target, window: Window): Promise<Measured> =>
  HAS_WRK && 'seconds' in window ? driveByWrk(target, window) : driveByAutocannon(target, window)
