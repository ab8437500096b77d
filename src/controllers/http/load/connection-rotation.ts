import type { Socket } from 'node:net'

/**
 * Connections that are not read for a while, in order. A request that waits in the kernel costs nothing; one that is read
 * costs half as much as a cheap answer, and memory until it is answered.
 */
export function createConnectionRotation() {
  const paused: Socket[] = []
  const resumed = new WeakSet<Socket>()

  return {
    size: (): number => paused.length,

    pause(socket: Socket): void {
      socket.pause()
      paused.push(socket)
    },

    resume(count: number): void {
      for (const socket of paused.splice(0, count)) {
        if (socket.destroyed) continue
        resumed.add(socket)
        socket.resume()
      }
    },

    /** Whether the connection had its pause. Its next request has waited, and a late refusal is worse than an early one. */
    hasWaited: (socket: Socket): boolean => resumed.delete(socket),
  }
}
