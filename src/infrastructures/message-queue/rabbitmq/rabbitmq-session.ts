import type { Channel, ConsumeMessage } from 'amqplib'
import type { Attempts } from '../attempt-counter.ts'
import { dispatchUnderLease } from '../leased-dispatcher.ts'
import { type Dispatcher, PREFETCH } from '../ordered-dispatcher.ts'
import type { ProcessingOptions } from '../process-message.ts'
import type { Session } from '../reconnecting-consumer.ts'
import { aborted, withTimeout } from '../time.ts'
import { type RabbitmqClient, REQUEST_TIMEOUT_MS } from './connect.ts'
import { rabbitmqAttemptStore } from './rabbitmq-attempt-store.ts'
import { receivedFrom } from './rabbitmq-message.ts'
import { declareConsumer } from './topology.ts'

/**
 * Handles the messages of a name on a channel of its own. The queue has a single active consumer: the server delivers to one
 * channel, and when that closes, requeues its unsettled messages in order and activates the next.
 */
export function rabbitmqSession(
  processing: Omit<ProcessingOptions, 'counter'>,
  topics: readonly string[] | undefined,
  localAttempts: Attempts,
): Session<RabbitmqClient> {
  return async (client, stopping) => {
    const { name } = processing.consumer
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    const over = AbortSignal.any([stopping, ending.signal])
    await declareConsumer(client.connection, client.names, name, topics)
    const channel = await withTimeout(REQUEST_TIMEOUT_MS, client.connection.createChannel(), timeoutError)
    channel.on('error', fail)
    channel.on('close', () => fail(new Error('RabbitMQ closed the channel of a consumer.')))
    const renew = () => channel.checkQueue(client.names.queueOf(name))
    try {
      await dispatchUnderLease(
        { processing, renew, attemptStore: rabbitmqAttemptStore(client, name), localAttempts, fail },
        (dispatcher) => deliver(client, channel, name, dispatcher, over, fail),
      )
    } finally {
      await withTimeout(REQUEST_TIMEOUT_MS, closed(channel), timeoutError).catch(() => {})
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

async function deliver(
  client: RabbitmqClient,
  channel: Channel,
  name: string,
  dispatcher: Dispatcher,
  over: AbortSignal,
  fail: (cause: unknown) => void,
): Promise<void> {
  function receive(message: ConsumeMessage | null): void {
    if (message === null) fail(new Error('The queue of a consumer was deleted.'))
    else if (!over.aborted) dispatcher.receive(receivedFrom(message, channel, client, name))
  }

  await withTimeout(REQUEST_TIMEOUT_MS, channel.prefetch(PREFETCH), timeoutError)
  await withTimeout(REQUEST_TIMEOUT_MS, channel.consume(client.names.queueOf(name), receive), timeoutError)
  await aborted(over)
}

const timeoutError = () => new Error('RabbitMQ did not answer in time.')

/** It may be closed already. */
const closed = async (channel: Channel): Promise<void> => channel.close()
