import { Client, type ClientConfig } from 'pg'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Statement, Value } from './database.ts'
import { translateReadError } from './errors.ts'

/** Those who wait for a lane that answers nothing are turned away rather than heaped up. */
const MOST_IN_FLIGHT = 2_000

export type Lane = ReturnType<typeof openLane>

/**
 * One shared connection on which reads follow each other without waiting for answers (pipelining). It connects when it
 * is first needed, and anew after the server went away.
 */
export function openLane(config: ClientConfig) {
  let client: Client | null = null
  let connecting: Promise<Client> | null = null
  let inFlight = 0

  async function connect(): Promise<Client> {
    const next = new Client({ ...config, pipeline: true })
    const forget = () => {
      if (client === next) client = null
    }
    next.on('error', forget)
    next.on('end', forget)
    await next.connect()
    client = next
    return next
  }

  const connected = (): Promise<Client> => {
    connecting ??= connect().finally(() => {
      connecting = null
    })
    return connecting
  }

  return {
    inFlight: () => inFlight,

    async query(statement: Statement, values: readonly Value[]): Promise<readonly unknown[]> {
      if (inFlight >= MOST_IN_FLIGHT) throw new DependencyUnavailable('database')
      inFlight++
      try {
        const { rows } = await (client ?? (await connected())).query({ ...statement, values: values as Value[] })
        return rows
      } catch (error) {
        throw translateReadError(error)
      } finally {
        inFlight--
      }
    },

    close: async () => client?.end(),
  }
}
