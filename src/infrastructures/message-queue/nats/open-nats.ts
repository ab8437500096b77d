import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { MessageQueue, Subscription } from '../../../domains/ports/message-queue.ts'
import { connectingToAny } from '../../connection/server-urls.ts'
import { publishInOrder } from '../publish-in-order.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { openReconnectingClient } from '../reconnecting-client.ts'
import { startReconnectingConsumer } from '../reconnecting-consumer.ts'
import { withTimeout } from '../time.ts'
import { connectNats, type NatsClient, REQUEST_TIMEOUT_MS } from './connect.ts'
import { natsNames } from './names.ts'
import { natsSession } from './nats-session.ts'
import { parseNatsOptions } from './nats-url.ts'
import { publishToNats } from './publish.ts'
import { declareConsumer, declareStreams } from './streams.ts'

/** A queue on NATS with JetStream, 2.9 or later. @throws {QueueSetupError} @throws {InvalidNatsUrl} */
export async function openNats(url: string, options: QueueOptions): Promise<MessageQueue> {
  const names = natsNames(options.namespace)
  const { consumers, retentionMs, minBackoffMs, onError, onDisconnected = onError, onReconnected = () => {} } = options
  const topics = options.topics ?? {}
  const { credentials, replicas } = parseNatsOptions(url)
  const open = connectingToAny(url, (server) =>
    connectNats({ url: new URL(server), credentials, names }, async (jsm) => {
      await declareStreams(jsm, names, { retentionMs, replicas })
      for (const name of consumers) await declareConsumer(jsm, names, name, topics[name])
    }),
  )
  const reconnecting = await openReconnectingClient({ open, onDisconnected, onReconnected })
  const assertStream = streamCheck(names.events, { onDisconnected, onReconnected })
  const subscriptions = new Set<Subscription>()

  return {
    publish: publishInOrder((message) => publishToNats(reconnecting.client(), message)),

    async consume(consumer, handle) {
      checkConsumerName(consumer.name)
      const declare = () => declareConsumer(reconnecting.client().jsm, names, consumer.name, topics[consumer.name])
      const session = natsSession({ consumer, handle, minBackoffMs }, topics[consumer.name], new Map())
      const subscription = await startReconnectingConsumer({ reconnecting, declare, session, onError })
      subscriptions.add(subscription)
      return subscription
    },

    deadLetters: () =>
      available(async () => {
        const { state } = await reconnecting.client().jsm.streams.info(names.deadLetters, { subjects_filter: '>' })
        const counted = Object.entries(state.subjects ?? {})
        return Object.fromEntries(
          counted.map(([subject, count]) => [subject.slice(names.deadLetterOf('').length), count]),
        )
      }),

    ping: () => available(() => assertStream(reconnecting.client())),

    async close() {
      await Promise.all([...subscriptions].map(({ stop }) => stop()))
      await reconnecting.close()
    },
  }
}

/** @throws {DependencyUnavailable} when `task` fails, or takes too long */
async function available<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await withTimeout(REQUEST_TIMEOUT_MS, task(), () => new Error('NATS did not answer in time.'))
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause })
  }
}

/** Checks what publishing needs: a connected server may have lost JetStream, or the stream, without notice. */
function streamCheck(
  stream: string,
  { onDisconnected, onReconnected }: Pick<Required<QueueOptions>, 'onDisconnected' | 'onReconnected'>,
) {
  let isMissing = false

  return async ({ jsm }: NatsClient): Promise<void> => {
    try {
      await jsm.streams.info(stream)
      if (isMissing) onReconnected()
      isMissing = false
    } catch (error) {
      isMissing = true
      onDisconnected(error as Error)
      throw error
    }
  }
}
