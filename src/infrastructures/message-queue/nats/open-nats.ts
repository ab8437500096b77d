import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Consumption, MessageQueue } from '../../../domains/ports/message-queue.ts'
import { keepConnected } from '../keep-connected.ts'
import { keepConsuming } from '../keep-consuming.ts'
import { publishInOrder } from '../publish-in-order.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { within } from '../time.ts'
import { ANSWER_MS, connectNats, type NatsLink } from './connect.ts'
import { natsNames } from './names.ts'
import { natsSession } from './nats-session.ts'
import { publishToNats } from './publish.ts'
import { declareConsumer, declareStreams } from './streams.ts'

/** A queue on NATS with JetStream, 2.9 or later. @throws {QueueRefused} */
export async function openNats(url: string, options: QueueOptions): Promise<MessageQueue> {
  const names = natsNames(options.namespace)
  const { consumers, retentionMs, firstPauseMs, onTrouble, onLost = onTrouble, onRestored = () => {} } = options
  const open = () =>
    connectNats(url, names, async (jsm) => {
      await declareStreams(jsm, names, retentionMs)
      for (const name of consumers) await declareConsumer(jsm, names, name)
    })
  const connected = await keepConnected({ open, onLost, onRestored })
  const mustHaveStream = streamCheck(names.events, { onLost, onRestored })
  const consumptions = new Set<Consumption>()

  return {
    publish: publishInOrder((message) => publishToNats(connected.link(), message)),

    async consume(consumer, handle) {
      checkConsumerName(consumer.name)
      const declare = () => declareConsumer(connected.link().jsm, names, consumer.name)
      const session = natsSession({ consumer, handle, firstPauseMs }, new Map())
      const consumption = await keepConsuming({ connected, declare, session, onTrouble })
      consumptions.add(consumption)
      return consumption
    },

    deadLetters: () =>
      available(async () => {
        const { state } = await connected.link().jsm.streams.info(names.deadLetters, { subjects_filter: '>' })
        const counted = Object.entries(state.subjects ?? {})
        return Object.fromEntries(
          counted.map(([subject, count]) => [subject.slice(names.deadLetterOf('').length), count]),
        )
      }),

    ping: () => available(() => mustHaveStream(connected.link())),

    async close() {
      await Promise.all([...consumptions].map(({ stop }) => stop()))
      await connected.close()
    },
  }
}

/** @throws {DependencyUnavailable} when `task` fails, or takes too long */
async function available<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await within(ANSWER_MS, task(), () => new Error('NATS did not answer in time.'))
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause })
  }
}

/** Asks for what publishing needs: a server that is there may have lost JetStream, or the stream, and tells nobody. */
function streamCheck(stream: string, { onLost, onRestored }: Pick<Required<QueueOptions>, 'onLost' | 'onRestored'>) {
  let isMissing = false

  return async ({ jsm }: NatsLink): Promise<void> => {
    try {
      await jsm.streams.info(stream)
      if (isMissing) onRestored()
      isMissing = false
    } catch (error) {
      isMissing = true
      onLost(error as Error)
      throw error
    }
  }
}
