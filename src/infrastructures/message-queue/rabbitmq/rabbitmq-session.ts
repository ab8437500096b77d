import type { Channel, ConsumeMessage } from 'amqplib'
import type { Trial } from '../attempt.ts'
import { type Handling, MOST_HELD } from '../handle-in-order.ts'
import { handleUnderLease } from '../handle-under-lease.ts'
import type { Session } from '../keep-consuming.ts'
import type { Starts } from '../start-counts.ts'
import { aborted, within } from '../time.ts'
import { ANSWER_MS, type RabbitmqLink } from './connect.ts'
import { rabbitmqLedger } from './rabbitmq-ledger.ts'
import { receivedFrom } from './rabbitmq-message.ts'
import { declareConsumer } from './topology.ts'

/**
 * Handles the messages of a name on a channel of its own. The server hands them to one channel only, the active one;
 * when that is closed, all that it had not settled goes back, in order and in one step, to the next.
 */
export function rabbitmqSession(trial: Omit<Trial, 'starts'>, own: Starts): Session<RabbitmqLink> {
  return async (link, stopping) => {
    const { name } = trial.consumer
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    const over = AbortSignal.any([stopping, ending.signal])
    await declareConsumer(link.connection, link.names, name)
    const channel = await within(ANSWER_MS, link.connection.createChannel(), tooLate)
    channel.on('error', fail)
    channel.on('close', () => fail(new Error('RabbitMQ closed the channel of a consumer.')))
    const renew = () => channel.checkQueue(link.names.queueOf(name))
    try {
      await handleUnderLease({ trial, renew, ledger: rabbitmqLedger(link, name), own, fail }, (handling) =>
        deliver(link, channel, name, handling, over, fail),
      )
    } finally {
      await within(ANSWER_MS, closed(channel), tooLate).catch(() => {})
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

async function deliver(
  link: RabbitmqLink,
  channel: Channel,
  name: string,
  handling: Handling,
  over: AbortSignal,
  fail: (cause: unknown) => void,
): Promise<void> {
  function receive(message: ConsumeMessage | null): void {
    if (message === null) fail(new Error('The queue of a consumer was deleted.'))
    else if (!over.aborted) handling.receive(receivedFrom(message, channel, link, name))
  }

  await within(ANSWER_MS, channel.prefetch(MOST_HELD), tooLate)
  await within(ANSWER_MS, channel.consume(link.names.queueOf(name), receive), tooLate)
  await aborted(over)
}

const tooLate = () => new Error('RabbitMQ did not answer in time.')

/** It may be closed already. */
const closed = async (channel: Channel): Promise<void> => channel.close()
