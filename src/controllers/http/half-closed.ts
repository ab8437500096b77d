import type { Server } from 'node:http'

/**
 * A client that has nothing more to send may say so before it is answered (RFC 9112, section 9.6, as `nc -N` does): its
 * requests are answered, then the connection ends. By default Node.js ends it at once, although its `net.Server` does
 * not. Time-outs of silence hold for it as for every other.
 */
export function answerHalfClosed(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true })
}
