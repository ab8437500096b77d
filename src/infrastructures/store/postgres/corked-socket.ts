import { Socket } from 'node:net'

/** A socket that sends all writes of one turn of the event loop in one piece. */
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
