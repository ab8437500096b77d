import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** `_last` is set as soon as the head of the answer says `Connection: close`. */
type PendingResponse = ServerResponse & { readonly req: IncomingMessage; readonly _last?: boolean }

/** The answer that has the connection: the first that is not sent completely. Node.js has no public name for it. */
export const pendingResponse = (socket: Socket): PendingResponse | null =>
  (socket as Socket & { _httpMessage?: PendingResponse | null })._httpMessage ?? null

/** Whether nothing that comes now will be answered: the connection ends, or an answer says that it will. */
export const isEnding = (socket: Socket): boolean => !socket.writable || pendingResponse(socket)?._last === true

/**
 * CONNECT (RFC 9110, section 9.3.6) opens no tunnel here: the connection ends, once the requests before it are answered.
 * By default Node.js ends it at once. It leaves the connection to this listener, without its own for errors and silence.
 */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_request, stream) => {
    const socket = stream as Socket
    const end = () => socket.destroy()
    socket.on('error', end).on('timeout', end)
    afterEarlierResponses(socket, () => socket.end(end))
  })
}

const refused = new WeakSet<Socket>()

/**
 * Calls back once, when all requests before one that is broken or late are answered. Where the answer to that one has
 * begun, nothing can be said any more: the connection ends.
 */
export function afterEarlierResponses(socket: Socket, refuse: () => void): void {
  if (refused.has(socket)) return
  refused.add(socket)
  refuseWhenDue(socket, refuse)
}

function refuseWhenDue(socket: Socket, refuse: () => void): void {
  const response = pendingResponse(socket)
  if (response?.req.complete || response?.writableEnded) response.once('close', () => refuseWhenDue(socket, refuse))
  else if (response?.headersSent) socket.destroy()
  else if (socket.writable) refuse()
}
