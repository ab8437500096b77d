import type { MessageQueue } from '../../domains/ports/message-queue.ts'
import { checkConsumerName, type QueueOptions } from './queue-options.ts'

export type QueueChoice =
  | Readonly<{ kind: 'memory' }>
  | Readonly<{ kind: 'nats'; url: string }>
  | Readonly<{ kind: 'rabbitmq'; url: string }>
  | Readonly<{ kind: 'kafka'; url: string }>

/** A message waits so long after its first failure. */
const MIN_BACKOFF_MS = 500

type Options = Omit<QueueOptions, 'minBackoffMs'> & Partial<Pick<QueueOptions, 'minBackoffMs'>>

/**
 * Opens the chosen queue: the only place where a technology is chosen, and only what was chosen is loaded. A server that
 * is away does not keep the service from starting: it is connected to as soon as it is there.
 *
 * @throws {QueueSetupError} when the server is there, but refuses what is needed of it
 */
export async function openMessageQueue(choice: QueueChoice, given: Options): Promise<MessageQueue> {
  const options = { minBackoffMs: MIN_BACKOFF_MS, ...given }
  options.consumers.forEach(checkConsumerName)
  switch (choice.kind) {
    case 'memory': {
      const { memoryQueue } = await import('./memory/memory-queue.ts')
      return memoryQueue(options)
    }
    case 'nats': {
      const { openNats } = await import('./nats/open-nats.ts')
      return openNats(choice.url, options)
    }
    case 'rabbitmq': {
      const { openRabbitmq } = await import('./rabbitmq/open-rabbitmq.ts')
      return openRabbitmq(choice.url, options)
    }
    case 'kafka': {
      const { openKafka } = await import('./kafka/open-kafka.ts')
      return openKafka(choice.url, options)
    }
  }
}
