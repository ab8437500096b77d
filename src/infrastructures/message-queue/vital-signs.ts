import type { MessageQueue } from '../../domains/ports/message-queue.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { share } from '../../patterns/share.ts'
import { counter, gauge, type VitalSigns } from '../../patterns/vital-signs.ts'

/** Counts since the start. */
type Figures = () => Readonly<{ published: number; redelivered: number }>

/** The queue, without which events wait. It is asked once at a time for what was set aside. */
export function queueSigns(queue: Pick<MessageQueue, 'ping' | 'deadLetters'>, figures: Figures): VitalSigns {
  const setAside = share(() => queue.deadLetters())
  const published = () => figures().published
  const redelivered = () => figures().redelivered
  const deadLetters = async () => Object.values(await setAside()).reduce((sum, count) => sum + count, 0)

  const byConsumer = async () =>
    Object.entries(await setAside()).map(([consumer, value]) => ({ labels: { consumer }, value }))

  return {
    checks: {
      queue: { ping: () => queue.ping(), isRequired: false, figures: { published, redelivered, deadLetters } },
    },
    metrics: [
      counter(`${PRODUCT.metrics}events_published_total`, 'Events that the queue has confirmed.', published),
      counter(`${PRODUCT.metrics}events_redelivered_total`, 'Deliveries of what was delivered before.', redelivered),
      gauge(`${PRODUCT.metrics}dead_letters`, 'Messages that were set aside, by consumer.', byConsumer, 'max'),
    ],
  }
}
