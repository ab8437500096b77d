import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Connection = {
  /** In the order of their requests. An answer is pending until its last byte is handed to the system. */
  readonly pending: Set<ServerResponse>
  /** What had been read from it when its last answer was done. */
  bytesRead: number
}

export type Connections = ReadonlyMap<Socket, Readonly<Connection>>

/** The open connections of a server. `onRequest` sees each new answer, and those before it on the same connection. */
export function trackConnections(server: Server, onRequest: (pending: Connection['pending']) => void): Connections {
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
export const isIdle = (socket: Socket, { pending, bytesRead }: Readonly<Connection>): boolean =>
  pending.size === 0 && socket.bytesRead === bytesRead

/**
 * A client that has nothing more to send may say so before it is answered (RFC 9112, section 9.6, as `nc -N` does): its
 * requests are answered, then the connection ends. By default Node.js ends it at once, although its `net.Server` does
 * not. Time-outs of silence hold for it as for every other.
 */
export function allowHalfOpen(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true })
}
