import { Socket } from 'node:net'

/** A socket on which everything that is said within one turn of the event loop leaves in one piece. */
export function openWire() {
  const socket = new Socket()
  let isHeld = false

  function release(): void {
    isHeld = false
    socket.uncork()
  }

  return {
    socket,

    /** Call before writing. */
    hold(): void {
      if (isHeld) return
      isHeld = true
      socket.cork()
      setImmediate(release)
    },
  }
}
