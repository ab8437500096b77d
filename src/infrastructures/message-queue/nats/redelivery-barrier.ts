import type { JsMsg } from '@nats-io/jetstream'

const CHECK_INTERVAL_MS = 200

export type RedeliveryBarrier = ReturnType<typeof createRedeliveryBarrier>

/**
 * Holds messages back until the server has redelivered all messages that an earlier session left unfinished: it redelivers
 * them one by one as they time out, not in order, with newer ones in between. Then releases all of them in order.
 *
 * `unfinished` asks the server for the number of delivered messages that are not settled.
 */
export function createRedeliveryBarrier(
  unfinished: () => Promise<number>,
  release: (message: JsMsg) => void,
  failed: (e: Error) => void,
) {
  let waiting: Map<number, JsMsg> | null = new Map()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  async function check(): Promise<void> {
    const isComplete = (await unfinished()) === waiting?.size
    if (isClosed) return
    if (!isComplete) timer = setTimeout(() => void check().catch(failed), CHECK_INTERVAL_MS)
    else {
      const complete = [...(waiting ?? new Map<number, JsMsg>())].sort(([one], [other]) => one - other)
      waiting = null
      for (const [, message] of complete) release(message)
    }
  }

  void check().catch(failed)

  return {
    receive(message: JsMsg): void {
      if (waiting === null) release(message)
      else waiting.set(message.seq, message)
    },

    /** Messages that were not released. */
    close(): readonly JsMsg[] {
      isClosed = true
      clearTimeout(timer)
      return [...(waiting?.values() ?? [])]
    },
  }
}
