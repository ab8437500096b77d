import { ServerRefused } from '../../connection/server-refused.ts'
import type { Debt, openDebts } from './debts.ts'
import { persistent } from './persistence.ts'
import { within } from './within.ts'

export type Reports = Readonly<{
  onLost: (error: Error) => void
  /** Told why an attempt to connect again failed, at each one. */
  onUnreachable?: (error: Error) => void
  onRestored: () => void
}>

export type Speaker = Readonly<{
  forget(debt: Debt): Promise<void>
  ping(): Promise<void>
  destroy(): void
  /** Resolves when something went wrong with it. */
  lost: Promise<Error>
}>

type Needs<Connection> = Readonly<{
  connect: () => Promise<Connection>
  debts: ReturnType<typeof openDebts>
  uptime: () => number
  reports: Reports
}>

/** No caller waits longer for an answer. */
export const PATIENCE_MS = 75

/**
 * After a loss nobody believes a copy for so long: all who lost the server with us come back in that time, and first
 * tell what they could not tell. It covers a heartbeat, and attempts to connect.
 */
const SETTLING_MS = 3_000

/** Closed while there is a connection. Once open, it closes from behind: a new connection, on which nothing is owed. */
export function openCircuit<Connection extends Speaker>({ connect, debts, uptime, reports }: Needs<Connection>) {
  const closing = new AbortController()
  let current: Connection | null = null
  let trustedFrom = 0

  const reopen = () => open(SETTLING_MS).then(reports.onRestored)
  const isNeeded = () => current === null
  const restore = persistent(reopen, { isNeeded, onFailure: reports.onUnreachable, signal: closing.signal })

  async function open(settlingMs: number): Promise<void> {
    const fresh = await connect()
    try {
      await within(PATIENCE_MS, fresh.ping())
      while (!debts.isEmpty()) await debts.settle((debt) => within(PATIENCE_MS, fresh.forget(debt)))
      closing.signal.throwIfAborted()
    } catch (error) {
      fresh.destroy()
      throw error
    }
    trustedFrom = uptime() + settlingMs
    current = fresh
    void fresh.lost.then((error) => lose(fresh, error))
  }

  function lose(lost: Connection | null, error: Error): void {
    if (current !== lost || closing.signal.aborted) return
    current = null
    lost?.destroy()
    reports.onLost(error)
    restore()
  }

  return {
    current: (): Connection | null => current,
    isTrusted: (): boolean => current !== null && uptime() >= trustedFrom,
    /** @throws {ServerRefused} when it was said at once that no later attempt does better */
    start: (): Promise<void> =>
      open(0).catch((error) => {
        if (error instanceof ServerRefused) throw error
        lose(null, error)
      }),
    lose,
    close(): void {
      closing.abort()
      current?.destroy()
      current = null
    },
  }
}
