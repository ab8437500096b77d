import { setImmediate as nextTurn } from 'node:timers/promises'
import { openCircuit, type Reports, type Speaker } from './circuit.ts'
import { type Debt, openDebts } from './debts.ts'
import { openHearing } from './hearing.ts'

type Needs<Connection> = Readonly<{ connect: () => Promise<Connection>; uptime: () => number; reports: Reports }>

export type Line<Connection extends Speaker> = ReturnType<typeof openLine<Connection>>

/** An idle process notices within so long that the server is gone. */
const HEARTBEAT_MS = 1_000

/**
 * Speaks to a server behind a circuit breaker: after the first answer that is late, nobody waits for anything until it
 * comes or, soon, the connection is given up for another one. Only what is to be forgotten is sent all the same.
 */
export function openLine<Connection extends Speaker>(needs: Needs<Connection>) {
  const debts = openDebts()
  const { current, isTrusted, start, lose, close } = openCircuit({ ...needs, debts })
  const { isSilent, outwait, heard } = openHearing(lose)
  const heartbeat = setInterval(() => run((connection) => connection.ping()).catch(() => {}), HEARTBEAT_MS).unref()

  async function run<Result>(task: (connection: Connection) => Promise<Result>): Promise<Result> {
    const used = current()
    if (used === null || isSilent()) throw new Error('There is no connection.')
    return heard(used, task(used))
  }

  /** Whoever sent it and hears of a failure owes it from then on. */
  const tell = (used: Connection, debt: Debt): Promise<void> =>
    used.forget(debt).catch((error) => {
      debts.add(debt)
      lose(used, error)
    })

  return {
    /** Connects for the first time, or goes on trying behind the back of the caller. */
    start,

    isConnected: (): boolean => current() !== null && !isSilent(),

    /** Whether copies may be believed. */
    isTrusted: (): boolean => isTrusted() && !isSilent(),

    /** @throws when the answer is an error, comes late, or not at all */
    run,

    /** Tells it now, or else as soon as possible: until then copies are not believed. */
    async forget(debt: Debt): Promise<void> {
      const used = current()
      if (used === null) return debts.add(debt)
      const told = tell(used, debt)
      if (!isSilent()) return heard(used, told).catch(() => {})
      outwait(used, told)
      await nextTurn() // the client writes at the end of a turn: then it is on its way before anyone hears of the change
    },

    async close(): Promise<void> {
      clearInterval(heartbeat)
      close()
    },
  }
}
