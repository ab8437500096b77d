import type { MessageQueue } from '../../domains/ports/message-queue.ts'
import { counter, gauge, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { singleFlight } from '../../patterns/single-flight.ts'

/** Counts since the start. */
type Stats = () => Readonly<{ published: number; redelivered: number }>

/** The queue; while it is down, events wait. One count of its dead letters runs at a time. */
export function queueMonitoring(queue: Pick<MessageQueue, 'ping' | 'deadLetters'>, stats: Stats): Monitoring {
  const countDeadLetters = singleFlight(() => queue.deadLetters())
  const published = () => stats().published
  const redelivered = () => stats().redelivered
  const deadLetters = async () => Object.values(await countDeadLetters()).reduce((sum, count) => sum + count, 0)

  const byConsumer = async () =>
    Object.entries(await countDeadLetters()).map(([consumer, value]) => ({ labels: { consumer }, value }))

  return {
    checks: {
      queue: {
        ping: () => queue.ping(),
        isRequired: false,
        stats: { published, redelivered },
        sharedStats: { deadLetters },
      },
    },
    metrics: [
      counter(`${PRODUCT.metrics}events_published_total`, 'Events that the queue has confirmed.', published),
      counter(`${PRODUCT.metrics}events_redelivered_total`, 'Deliveries of what was delivered before.', redelivered),
      gauge(`${PRODUCT.metrics}dead_letters`, 'Messages that were set aside, by consumer.', byConsumer, 'max'),
    ],
  }
}
