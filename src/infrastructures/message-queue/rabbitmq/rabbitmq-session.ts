import type { Channel, ConsumeMessage } from 'amqplib'
import { aborted } from '../abort.ts'
import type { Trial } from '../attempt.ts'
import { handleInOrder, MOST_HELD } from '../handle-in-order.ts'
import type { Session } from '../keep-consuming.ts'
import { openLease } from '../lease.ts'
import { countStarts, type Starts } from '../start-counts.ts'
import { within } from '../time.ts'
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
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    await declareConsumer(link.connection, link.names, trial.consumer.name)
    const channel = await within(ANSWER_MS, link.connection.createChannel(), tooLate)
    channel.on('error', fail)
    channel.on('close', () => fail(new Error('RabbitMQ closed the channel of a consumer.')))
    try {
      await handle(link, channel, trial, own, AbortSignal.any([stopping, ending.signal]), fail)
    } finally {
      await within(ANSWER_MS, closed(channel), tooLate).catch(() => {})
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

async function handle(
  link: RabbitmqLink,
  channel: Channel,
  trial: Omit<Trial, 'starts'>,
  own: Starts,
  over: AbortSignal,
  fail: (cause: unknown) => void,
): Promise<void> {
  const { name } = trial.consumer
  const queue = link.names.queueOf(name)
  const lease = await openLease(() => channel.checkQueue(queue), fail)
  const starts = countStarts(rabbitmqLedger(link, name), own)
  const handling = handleInOrder({ ...trial, starts, mayStart: lease.isHeld, onTrouble: fail })

  function receive(message: ConsumeMessage | null): void {
    if (message === null) fail(new Error('The queue of a consumer was deleted.'))
    else if (!over.aborted) handling.receive(receivedFrom(message, channel, link, name))
  }

  try {
    await within(ANSWER_MS, channel.prefetch(MOST_HELD), tooLate)
    await within(ANSWER_MS, channel.consume(queue, receive), tooLate)
    await aborted(over)
  } finally {
    await handling.stop()
    lease.end()
  }
}

const tooLate = () => new Error('RabbitMQ did not answer in time.')

/** It may be closed already. */
const closed = async (channel: Channel): Promise<void> => channel.close()
