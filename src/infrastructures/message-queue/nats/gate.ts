import type { JsMsg } from '@nats-io/jetstream'

const LOOK_AGAIN_MS = 200

export type Gate = ReturnType<typeof openGate>

/**
 * Holds messages back until all that an earlier session left unfinished have come again: the server hands them out one
 * by one as their time runs out, not in order, and newer ones in between. Then lets all through in order.
 *
 * `unfinished` asks the server how many messages it has handed out that are not settled.
 */
export function openGate(
  unfinished: () => Promise<number>,
  pass: (message: JsMsg) => void,
  failed: (e: Error) => void,
) {
  let waiting: Map<number, JsMsg> | null = new Map()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  async function look(): Promise<void> {
    const isComplete = (await unfinished()) === waiting?.size
    if (isClosed) return
    if (!isComplete) timer = setTimeout(() => void look().catch(failed), LOOK_AGAIN_MS)
    else {
      const complete = [...(waiting ?? new Map<number, JsMsg>())].sort(([one], [other]) => one - other)
      waiting = null
      for (const [, message] of complete) pass(message)
    }
  }

  void look().catch(failed)

  return {
    receive(message: JsMsg): void {
      if (waiting === null) pass(message)
      else waiting.set(message.seq, message)
    },

    /** Messages that were not let through. */
    close(): readonly JsMsg[] {
      isClosed = true
      clearTimeout(timer)
      return [...(waiting?.values() ?? [])]
    },
  }
}
