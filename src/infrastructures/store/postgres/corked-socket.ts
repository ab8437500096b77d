import { Socket } from 'node:net'

/** A socket on which everything that is said within one turn of the event loop leaves in one piece. */
export function createCorkedSocket() {
  const socket = new Socket()
  let isCorked = false

  function release(): void {
    isCorked = false
    socket.uncork()
  }

  return {
    socket,

    /** Call before writing. */
    cork(): void {
      if (isCorked) return
      isCorked = true
      socket.cork()
      setImmediate(release)
    },
  }
}
