import type { JsMsg } from '@nats-io/jetstream'
import { type NatsClient, REQUEST_TIMEOUT_MS } from './connect.ts'
import { alreadyExists, declareConsumer, dropEndedRequests } from './streams.ts'

const FETCH_TIMEOUT_MS = 5_000

/**
 * Waits until this process is the leader, which handles the messages of a name. Leadership is a token, a message that is never
 * acknowledged: the server delivers it to one process at a time, and to the next one if the first has not extended its
 * delivery for a while. Null when `over` aborts.
 */
export async function acquireLeadership(
  client: NatsClient,
  name: string,
  topics: readonly string[] | undefined,
  over: AbortSignal,
): Promise<JsMsg | null> {
  while (!over.aborted) {
    await declareConsumer(client.jsm, client.names, name, topics)
    await dropEndedRequests(client, name)
    await seedToken(client, name)
    const token = await fetchToken(client, name, over)
    if (token !== null) return token
  }
  return null
}

/** The first process publishes the token. */
async function seedToken({ js, names }: NatsClient, name: string): Promise<void> {
  const onlyOne = { expect: { lastSubjectSequence: 0 }, timeout: REQUEST_TIMEOUT_MS }
  await js.publish(names.leaderTokenOf(name), name, onlyOne).catch((error) => {
    if (!alreadyExists(error)) throw error
  })
}

async function fetchToken({ js, names }: NatsClient, name: string, over: AbortSignal): Promise<JsMsg | null> {
  const tokens = await js.consumers.get(names.consumers, name)
  const fetched = await tokens.fetch({ max_messages: 1, expires: FETCH_TIMEOUT_MS })
  const stop = () => fetched.stop()
  over.addEventListener('abort', stop)
  try {
    for await (const token of fetched) return token
    return null
  } finally {
    over.removeEventListener('abort', stop)
  }
}
