import { setTimeout as sleep } from 'node:timers/promises'
import { listenAs } from '../../../kit/notification-stream.ts'
import type { Person } from '../../kit/people.ts'

export type Received = Readonly<{ comment: string; at: number }>

/** A client that reads notifications from a stream, and reconnects with the last id when it ends. */
export function startListener(url: string, person: Person) {
  const streams: Awaited<ReturnType<typeof listenAs>>[] = []
  let isOver = false

  async function listen(): Promise<void> {
    for (let lastId: string | undefined; !isOver; await sleep(10)) {
      const stream = await listenAs(person, url, lastId)
      streams.push(stream)
      if (isOver) stream.leave()
      await stream.ended
      lastId = stream.lastEventId() || lastId
    }
  }

  const listening = listen()
  return {
    /** The comments of its notifications so far, and their times. */
    received: (): readonly Received[] =>
      streams.flatMap((stream) =>
        stream.comments().map((comment, index) => ({ comment, at: stream.times[index] ?? Number.NaN })),
      ),
    refused: () => streams.map(({ status }) => status).filter((status) => status !== 200),

    async [Symbol.asyncDispose](): Promise<void> {
      isOver = true
      streams.at(-1)?.leave()
      await listening
    },
  }
}
