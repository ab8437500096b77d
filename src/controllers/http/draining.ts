import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const SWEEP_MS = 50

/** From now on each answer tells its caller to connect anew: to another process, as this one will close. */
export function sendCallersAway(server: Server): void {
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'))
}

/**
 * While the server closes, connections are closed as soon as their last request is answered, or if they never sent one.
 * Node.js closes only those that are idle at that moment, and waits for the others until they are no longer kept alive.
 */
export function closeWhatFallsIdle(http: FastifyInstance): void {
  const connections = new Set<Socket>()
  http.server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })

  function closeIdle(): void {
    http.server.closeIdleConnections()
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
  }

  http.addHook('preClose', async () => {
    const sweep = setInterval(closeIdle, SWEEP_MS).unref()
    http.server.once('close', () => clearInterval(sweep))
  })
}
