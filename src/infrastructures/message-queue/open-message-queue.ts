import type { MessageQueue } from '../../domains/ports/message-queue.ts'
import { checkConsumerName } from './consumer-name.ts'
import { memoryQueue } from './memory/memory-queue.ts'
import { openNats } from './nats/open-nats.ts'
import type { QueueOptions } from './queue-options.ts'
import { openRabbitmq } from './rabbitmq/open-rabbitmq.ts'

export type QueueChoice =
  | Readonly<{ kind: 'memory' }>
  | Readonly<{ kind: 'nats'; url: string }>
  | Readonly<{ kind: 'rabbitmq'; url: string }>

/**
 * Opens the chosen queue: the only place where a technology is chosen. A server that is away does not keep the service
 * from starting: it is connected to as soon as it is there.
 *
 * @throws {QueueRefused} when the server is there, but refuses what is needed of it
 */
export async function openMessageQueue(choice: QueueChoice, options: QueueOptions): Promise<MessageQueue> {
  options.consumers.forEach(checkConsumerName)
  switch (choice.kind) {
    case 'memory':
      return memoryQueue(options)
    case 'nats':
      return openNats(choice.url, options)
    case 'rabbitmq':
      return openRabbitmq(choice.url, options)
  }
}
