import type { Socket } from 'node:net'

/**
 * Connections that are not read for a while, in order. A request that waits in the kernel costs nothing; one that is read
 * costs half as much as a cheap answer, and memory until it is answered.
 */
export function createConnectionRotation() {
  const paused: Socket[] = []
  const waited = new WeakSet<Socket>()

  return {
    size: (): number => paused.length,

    pause(socket: Socket): void {
      socket.pause()
      paused.push(socket)
    },

    resume(count: number): void {
      for (const socket of paused.splice(0, count)) {
        if (socket.destroyed) continue
        waited.add(socket)
        socket.resume()
      }
    },

    /** The next request of the connection has waited in the kernel. */
    markWaited: (socket: Socket): void => void waited.add(socket),

    /** Whether this request has waited: then refusing it would be late. */
    hasWaited: (socket: Socket): boolean => waited.delete(socket),
  }
}
