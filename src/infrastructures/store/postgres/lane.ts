import { Client, type ClientConfig } from 'pg'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Statement, Value } from './database.ts'
import { translateReadError } from './errors.ts'
import { openWire } from './wire.ts'

/** Those who wait for a lane that answers nothing are turned away rather than heaped up. */
const MOST_IN_FLIGHT = 2_000

export type Lane = ReturnType<typeof openLane>
type Connected = Readonly<{ client: Client; hold: () => void }>

/**
 * One shared connection on which reads follow each other without waiting for answers (pipelining). It connects when it
 * is first needed, and anew after the server went away.
 */
export function openLane(config: ClientConfig) {
  let current: Connected | null = null
  let connecting: Promise<Connected> | null = null
  let inFlight = 0

  async function connect(): Promise<Connected> {
    const { socket, hold } = openWire()
    const client = new Client({ ...config, pipeline: true, stream: () => socket })
    const connected = { client, hold }
    const forget = () => {
      if (current === connected) current = null
    }
    client.on('error', forget)
    client.on('end', forget)
    await client.connect()
    current = connected
    return connected
  }

  const connectOnce = (): Promise<Connected> => {
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
        const { client, hold } = current ?? (await connectOnce())
        hold()
        const { rows } = await client.query({ ...statement, values: values as Value[] })
        return rows
      } catch (error) {
        throw translateReadError(error)
      } finally {
        inFlight--
      }
    },

    close: async () => current?.client.end(),
  }
}
