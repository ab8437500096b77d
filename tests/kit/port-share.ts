import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

const [FIRST_GUARD, FIRST_PORT, SHARES] = [32_000, 20_000, 120]

export const PORTS_OF_A_SHARE = 100

let share: Promise<number> | undefined

/**
 * The first of the ports that belong to this process of tests until it ends, whatever other runs there are on the machine:
 * it listens on a guard port as long as it lives, and the number of that port says which ports are its own. All lie below
 * the range from which systems take the ports of outgoing connections, as such a connection could take a port before its
 * server listens.
 */
export const firstOwnPort = (): Promise<number> => (share ??= takeShare())

async function takeShare(): Promise<number> {
  for (let number = 0; number < SHARES; number++) {
    const guard = await listenOn(FIRST_GUARD + number)
    guard?.unref()
    if (guard !== null) return FIRST_PORT + number * PORTS_OF_A_SHARE
  }
  throw new Error(`${SHARES} processes hold all ports for tests, ${FIRST_GUARD} and on guard them.`)
}

/** Null when another listens there. */
export async function listenOn(port: number): Promise<Server | null> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return server
  } catch {
    return null
  }
}
