import { gauge, type Metric, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { singleFlight } from '../../patterns/single-flight.ts'
import { type DriverOutbox, MAX_COUNTED, type PoolUsage, type StoreDriver } from './driver.ts'

type Driver = Pick<StoreDriver, 'ping' | 'poolUsage'> & Readonly<{ outbox: Pick<DriverOutbox, 'backlog'> }>

/** The database, without which the service is not ready, and its outbox. One count of it runs at a time. */
export function storeMonitoring(driver: Driver): Monitoring {
  const backlog = singleFlight(() => driver.outbox.backlog())
  const pending = async () => (await backlog()).pending
  const oldestAgeSeconds = async () => (await backlog()).oldestAgeMs / 1000

  return {
    checks: {
      database: { ping: () => driver.ping(), isRequired: true },
      outbox: {
        ping: async () => void (await backlog()),
        isRequired: false,
        sharedStats: { pending, oldestAgeSeconds },
      },
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
      ...poolMetrics(driver),
    ],
  }
}

/** Of the pool, where there is one. */
function poolMetrics({ poolUsage }: Driver): readonly Metric[] {
  const of = (part: keyof PoolUsage) => () => (poolUsage === undefined ? [] : poolUsage()[part])
  const name = (part: string): string => `${PRODUCT.metrics}database_pool_${part}`
  return [
    gauge(name('connections'), 'Connections to the database, at most.', of('connections')),
    gauge(name('busy'), 'Connections to the database that are at work.', of('busy')),
    gauge(name('waiting'), 'Pieces of work that wait for a connection to the database.', of('waiting')),
  ]
}
