import { CallError } from './errors.ts'

const LIMITS = { perUser: 5, total: 1_000 }
const RETRY_AFTER_SECONDS = 5

/** A stream that can be ended with a reason. */
type OpenStream = Readonly<{ userId: string; end: (reason: CallError) => void }>

export type OpenStreams = ReturnType<typeof createOpenStreams>

/** The streams that are open here, within the limits that hold for those of REST as well. */
export function createOpenStreams() {
  const streams = new Set<OpenStream>()
  let isDraining = false

  function assertCapacity(userId: string): void {
    if (isDraining) throw new CallError('shutting-down')
    if (streams.size >= LIMITS.total) throw new CallError('overloaded', { message: 'Too many streams are open here.' })
    const own = [...streams].filter((stream) => stream.userId === userId).length
    if (own < LIMITS.perUser) return
    const message = `You have ${own} streams open.`
    throw new CallError('rate-limited', { message, retryAfterSeconds: RETRY_AFTER_SECONDS })
  }

  return {
    /** Counts a stream until the function that it returns is called. @throws {CallError} when there are too many */
    add(stream: OpenStream): () => void {
      assertCapacity(stream.userId)
      streams.add(stream)
      return () => streams.delete(stream)
    },

    /** Ends all, and refuses new ones. */
    drain(): void {
      isDraining = true
      for (const { end } of streams) end(new CallError('shutting-down'))
    },
  }
}
