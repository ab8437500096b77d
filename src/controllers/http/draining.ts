import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Socket, Server as TcpServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

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

type Connection = {
  /** In the order of their requests. An answer is pending until its last byte is handed to the system. */
  readonly pending: Set<ServerResponse>
  /** What had been read from it when its last answer was done. */
  bytesRead: number
}

type Connections = ReadonlyMap<Socket, Readonly<Connection>>

/** The open connections of a server. `onRequest` sees each new answer, and those before it on the same connection. */
function trackConnections(server: Server, onRequest: (pending: Connection['pending']) => void): Connections {
  const connections = new Map<Socket, Connection>()

  server.on('connection', (socket) => {
    connections.set(socket, { pending: new Set(), bytesRead: 0 })
    socket.once('close', () => connections.delete(socket))
  })

  function begin({ socket }: IncomingMessage, response: ServerResponse): void {
    const connection = connections.get(socket)
    if (connection === undefined) return
    connection.pending.add(response)
    response.on('close', end)
    onRequest(connection.pending)
  }

  /** One listener for all answers: a closure for each costs a request 2 % of its time. */
  function end(this: ServerResponse): void {
    const { socket } = this.req
    const connection = connections.get(socket)
    if (connection === undefined) return
    connection.pending.delete(this)
    connection.bytesRead = socket.bytesRead
  }
  for (const event of ['request', 'checkExpectation']) server.prependListener(event, begin)
  return connections
}

/** No answer is pending, and no part of another request has arrived. */
const isIdle = (socket: Socket, { pending, bytesRead }: Readonly<Connection>): boolean =>
  pending.size === 0 && socket.bytesRead === bytesRead

/**
 * A client that has nothing more to send may say so before it is answered (RFC 9112, section 9.6, as `nc -N` does): its
 * requests are answered, then the connection ends. By default Node.js ends it at once, although its `net.Server` does
 * not. Time-outs of silence hold for it as for every other.
 */
export function allowHalfOpen(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true })
}
