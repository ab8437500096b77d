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
 * Opens the configured queue: the only place that knows the adapters, and it loads only the configured one. The service also
 * starts while the server is down, and connects as soon as it is up.
 *
 * @throws {QueueSetupError} when the server refuses what this service needs
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
