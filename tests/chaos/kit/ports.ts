import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

let next = randomInt(20_000, 31_000)

/**
 * A port on which no process listens, and which no other test gets: two servers that start side by side must not meet. It
 * lies below those that the system gives to clients, so that it stays free for a server that is killed and comes back.
 */
export async function freePort(): Promise<number> {
  const port = next++
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return port
  } catch {
    return freePort()
  } finally {
    server.close()
  }
}
