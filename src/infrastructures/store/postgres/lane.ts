import { Client, type ClientConfig } from 'pg'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { share } from '../../../patterns/share.ts'
import { openWire } from './wire.ts'

export type Lane = ReturnType<typeof openLane>
type Connected = Readonly<{ client: Client; hold: () => void }>

/** A lane that has said nothing for so long, though it should, is held up by something. */
const HELD_UP_MS = 50

/**
 * One shared connection on which statements follow each other without waiting for answers (pipelining). It connects when
 * it is first needed, and anew after the server went away.
 */
export function openLane(config: ClientConfig, onIdleError: (error: Error) => void) {
  let current: Connected | null = null
  let inFlight = 0
  let heardAt = 0

  async function open(): Promise<Connected> {
    const connected = await connect(config)
    const lose = (error?: Error) => {
      if (current !== connected) return
      current = null
      if (error !== undefined && inFlight === 0) onIdleError(error)
    }
    connected.client.on('error', lose)
    connected.client.on('end', lose)
    current = connected
    return connected
  }

  const openOnce = share(open)

  return {
    inFlight: (): number => inFlight,

    isHeldUp: (): boolean => inFlight > 0 && performance.now() - heardAt > HELD_UP_MS,

    /**
     * Sends what the task sends in its first turn behind all that was sent before.
     *
     * @throws {DependencyUnavailable} when there is no connection, and whatever the task throws
     */
    async run<Result>(task: (client: Client) => Promise<Result>): Promise<Result> {
      if (inFlight++ === 0) heardAt = performance.now()
      try {
        const { client, hold } = current ?? (await openOnce())
        hold()
        return await task(client)
      } finally {
        inFlight--
        heardAt = performance.now()
      }
    },

    close: async () => current?.client.end(),
  }
}

async function connect(config: ClientConfig): Promise<Connected> {
  const { socket, hold } = openWire()
  const client = new Client({ ...config, pipeline: true, stream: () => socket })
  client.on('error', () => {}) // whoever waits for the connection, or for an answer, is told
  await client.connect().catch((cause) => {
    throw new DependencyUnavailable('database', { cause })
  })
  return { client, hold }
}
