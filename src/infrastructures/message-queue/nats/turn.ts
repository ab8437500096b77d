import type { JsMsg } from '@nats-io/jetstream'
import { ANSWER_MS, type NatsLink } from './connect.ts'
import { declareConsumer, dropEndedRequests, isThereAlready } from './streams.ts'

const PATIENCE_MS = 5_000

/**
 * Waits until it is this process's turn to handle the messages of a name. The turn is a message that is never done: the
 * server hands it to one process at a time, and to the next one when it was not told for a while that the first is
 * still at work. Null when `over` says that there is nothing to wait for any more.
 */
export async function awaitTurn(link: NatsLink, name: string, over: AbortSignal): Promise<JsMsg | null> {
  while (!over.aborted) {
    await declareConsumer(link.jsm, link.names, name)
    await dropEndedRequests(link, name)
    await putTurn(link, name)
    const turn = await nextTurn(link, name, over)
    if (turn !== null) return turn
  }
  return null
}

/** The first who comes puts it there. */
async function putTurn({ js, names }: NatsLink, name: string): Promise<void> {
  const onlyOne = { expect: { lastSubjectSequence: 0 }, timeout: ANSWER_MS }
  await js.publish(names.turnOf(name), name, onlyOne).catch((error) => {
    if (!isThereAlready(error)) throw error
  })
}

async function nextTurn({ js, names }: NatsLink, name: string, over: AbortSignal): Promise<JsMsg | null> {
  const turns = await js.consumers.get(names.consumers, name)
  const asked = await turns.fetch({ max_messages: 1, expires: PATIENCE_MS })
  const stop = () => asked.stop()
  over.addEventListener('abort', stop)
  try {
    for await (const turn of asked) return turn
    return null
  } finally {
    over.removeEventListener('abort', stop)
  }
}
