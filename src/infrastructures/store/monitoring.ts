import { gauge, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { singleFlight } from '../../patterns/single-flight.ts'
import { type DriverOutbox, MAX_COUNTED, type StoreDriver } from './driver.ts'

type Driver = Pick<StoreDriver, 'ping'> & Readonly<{ outbox: Pick<DriverOutbox, 'backlog'> }>

/** The database, without which the service is not ready, and its outbox. One count of it runs at a time. */
export function storeMonitoring(driver: Driver): Monitoring {
  const backlog = singleFlight(() => driver.outbox.backlog())
  const pending = async () => (await backlog()).pending
  const oldestAgeSeconds = async () => (await backlog()).oldestAgeMs / 1000

  return {
    checks: {
      database: { ping: () => driver.ping(), isRequired: true },
      outbox: { ping: async () => void (await backlog()), isRequired: false, stats: { pending, oldestAgeSeconds } },
    },
    metrics: [
      gauge(
        `${PRODUCT.metrics}outbox_pending`,
        `Events that wait to be published, at most ${MAX_COUNTED}.`,
        pending,
        'max',
      ),
      gauge(
        `${PRODUCT.metrics}outbox_oldest_age_seconds`,
        'Age of the event that waits the longest.',
        oldestAgeSeconds,
        'max',
      ),
    ],
  }
}
