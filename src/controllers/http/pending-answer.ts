import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** `_last` is set as soon as the head of the answer says `Connection: close`. */
type PendingAnswer = ServerResponse & { readonly req: IncomingMessage; readonly _last?: boolean }

/** The answer that has the connection: the first that is not sent completely. Node.js has no public name for it. */
export const pendingAnswer = (socket: Socket): PendingAnswer | null =>
  (socket as Socket & { _httpMessage?: PendingAnswer | null })._httpMessage ?? null

/** Whether nothing that comes now will be answered: the connection ends, or an answer says that it will. */
export const isEnding = (socket: Socket): boolean => !socket.writable || pendingAnswer(socket)?._last === true

const refused = new WeakSet<Socket>()

/**
 * Calls back once, when all requests before one that is broken or late are answered. Where the answer to that one has
 * begun, nothing can be said any more: the connection ends.
 */
export function afterEarlierAnswers(socket: Socket, refuse: () => void): void {
  if (refused.has(socket)) return
  refused.add(socket)
  refuseInTurn(socket, refuse)
}

function refuseInTurn(socket: Socket, refuse: () => void): void {
  const answer = pendingAnswer(socket)
  if (answer?.req.complete || answer?.writableEnded) answer.once('close', () => refuseInTurn(socket, refuse))
  else if (answer?.headersSent) socket.destroy()
  else if (socket.writable) refuse()
}
