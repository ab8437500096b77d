import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import { Server as TcpServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type Connections, isIdle, trackConnections } from './connections.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on each response has `Connection: close`, so that clients connect to another process. */
    disableKeepAlive(): void
  }
}

const SWEEP_MS = 50

/** After so many turns of the event loop without a new connection, none waits. */
const QUIET_ITERATIONS = 3
const ACCEPT_TIMEOUT_MS = 1_000

/**
 * When the server closes, it accepts no more connections and waits until those that it has are closed: at once where
 * they are idle, else after their last answer. Its time-outs hold meanwhile: `close()` of Node.js's HTTP server ends them,
 * and cuts answers that are not sent yet; so that comes last. Register this after all other hooks of that kind: they end
 * what would go on.
 */
export function drainConnections(http: FastifyInstance): void {
  const { server } = http
  let isDraining = false
  const connections = trackConnections(server, (pending) => isDraining && sendConnectionClose(pending))

  http.decorate('disableKeepAlive', () => {
    isDraining = true
    for (const { pending } of connections.values()) sendConnectionClose(pending)
  })

  http.addHook('preClose', async () => {
    if (!server.listening) return
    http.disableKeepAlive()
    await acceptWaiting(server)
    const isClosed = once(server, 'close')
    TcpServer.prototype.close.call(server)
    const sweep = setInterval(() => closeIdle(connections, server.timeout), SWEEP_MS)
    await isClosed
    clearInterval(sweep)
  })
}

/**
 * Accepts the connections that wait in the kernel, which a close would reset. After a pause of the process they are many,
 * and the event loop accepts about one in a turn.
 */
async function acceptWaiting(server: Server): Promise<void> {
  let accepted = 0
  const count = () => accepted++
  const deadline = performance.now() + ACCEPT_TIMEOUT_MS
  server.on('connection', count)
  for (let before = -1; before < accepted && performance.now() < deadline; ) {
    before = accepted
    for (let turn = 0; turn < QUIET_ITERATIONS; turn++) await nextTurn()
  }
  server.off('connection', count)
}

/** Only the last answer of a connection may say that it will close: those after it would not be sent. */
function sendConnectionClose(pending: ReadonlySet<ServerResponse>): void {
  const unsent = [...pending].filter(({ headersSent }) => !headersSent)
  const last = unsent.pop()
  for (const response of unsent) response.removeHeader('connection')
  last?.setHeader('connection', 'close')
}

function closeIdle(connections: Connections, idleTimeoutMs: number): void {
  for (const [socket, connection] of connections) {
    if (isIdle(socket, connection)) socket.destroySoon()
    // Node.js sees between two time-outs whether anything was taken: a reader who takes nothing is cut at the second.
    else if (socket.writableLength > 0 && (socket.timeout ?? 0) > idleTimeoutMs / 2)
      socket.setTimeout(idleTimeoutMs / 2)
  }
}
