import type { JsMsg } from '@nats-io/jetstream'
import type { Attempts } from '../attempt-counter.ts'
import { dispatchUnderLease } from '../leased-dispatcher.ts'
import { type Dispatcher, PREFETCH } from '../ordered-dispatcher.ts'
import type { ProcessingOptions } from '../process-message.ts'
import type { Session } from '../reconnecting-consumer.ts'
import { aborted, withTimeout } from '../time.ts'
import { acknowledger } from './acknowledge.ts'
import { type NatsClient, REQUEST_TIMEOUT_MS } from './connect.ts'
import { acquireLeadership } from './leadership.ts'
import { natsAttemptStore } from './nats-attempt-store.ts'
import { receivedFrom } from './nats-message.ts'
import { createRedeliveryBarrier } from './redelivery-barrier.ts'
import { dropEndedRequests } from './streams.ts'

const PULL_MS = 5_000

/** Waits until this process is the leader, and handles the messages of a name as long as it is. */
export function natsSession(
  processing: Omit<ProcessingOptions, 'counter'>,
  topics: readonly string[] | undefined,
  localAttempts: Attempts,
): Session<NatsClient> {
  return async (client, stopping) => {
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    void client.disconnected.then(fail)
    const over = AbortSignal.any([stopping, ending.signal])

    const { name } = processing.consumer
    const token = await acquireLeadership(client, name, topics, over)
    if (token === null) return
    const unsettled = new Map<number, JsMsg>([[-1, token]])
    const renew = () => renewAll(client, unsettled.values())
    try {
      await dispatchUnderLease(
        { processing, renew, attemptStore: natsAttemptStore(client, name), localAttempts, fail },
        (dispatcher) => deliver(client, name, dispatcher, unsettled, over, fail),
      )
    } finally {
      await returnAll(client, name, unsettled.values()).catch(fail)
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

/** `held` are the messages that this process keeps: the leadership token, and all that are not settled. */
async function deliver(
  client: NatsClient,
  name: string,
  dispatcher: Dispatcher,
  unsettled: Map<number, JsMsg>,
  over: AbortSignal,
  fail: (cause: unknown) => void,
): Promise<void> {
  const events = await client.js.consumers.get(client.names.events, name)
  const { delivered } = await events.info()
  const unfinished = async () => (await events.info()).num_ack_pending
  const acknowledge = acknowledger()
  function release(message: JsMsg): void {
    const settled = () => void unsettled.delete(message.seq)
    const isRedelivered = message.redelivered || message.seq <= delivered.stream_seq
    dispatcher.receive(receivedFrom(message, { client, name, isRedelivered, acknowledge, settled }))
  }
  const barrier = createRedeliveryBarrier(unfinished, release, fail)

  let lastDelivery = delivered.consumer_seq
  function receive(message: JsMsg): void {
    if (message.info.deliverySequence !== ++lastDelivery)
      fail(new Error('NATS delivered a message to another process.'))
    if (unsettled.has(message.seq)) return
    unsettled.set(message.seq, message)
    if (!over.aborted) barrier.receive(message)
  }

  try {
    const deliveries = await events.consume({
      max_messages: PREFETCH,
      expires: PULL_MS,
      abort_on_missing_resource: true,
      callback: receive,
    })
    void deliveries.closed().then((cause) => fail(cause ?? new Error('NATS ended the deliveries.')))
    await aborted(over)
    await Promise.race([flushed(client), client.disconnected]).catch(() => {}) // messages in flight arrive first
    deliveries.stop()
  } finally {
    barrier.close()
  }
}

async function renewAll(client: NatsClient, unsettled: Iterable<JsMsg>): Promise<void> {
  for (const message of unsettled) message.working()
  await flushed(client)
}

/** Returns the messages, so that another process need not wait until they time out. */
async function returnAll(client: NatsClient, name: string, unsettled: Iterable<JsMsg>): Promise<void> {
  if (client.connection.isClosed()) return
  await dropEndedRequests(client, name)
  for (const message of unsettled) message.nak()
  await flushed(client)
}

/** Resolves when the server has received all that was sent. */
const flushed = ({ connection }: NatsClient): Promise<void> =>
  withTimeout(REQUEST_TIMEOUT_MS, connection.flush(), () => new Error('NATS did not answer in time.'))
