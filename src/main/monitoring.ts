import type { EventStats } from '../controllers/events/consume-events.ts'
import { eventMonitoring } from '../controllers/events/monitoring.ts'
import type { LoadStats } from '../controllers/http/load/load-shedder.ts'
import { loadMonitoring } from '../controllers/http/load/monitoring.ts'
import { identityMonitoring } from '../infrastructures/authentication/oidc/monitoring.ts'
import { authorizationMonitoring } from '../infrastructures/authorization/monitoring.ts'
import { cacheMonitoring } from '../infrastructures/cache/monitoring.ts'
import { queueMonitoring } from '../infrastructures/message-queue/monitoring.ts'
import { storeMonitoring } from '../infrastructures/store/monitoring.ts'
import { combinedMonitoring, type Monitoring } from '../patterns/monitoring.ts'
import type { Durations } from './durations.ts'

type Adapters = Readonly<{
  driver: Parameters<typeof storeMonitoring>[0]
  cache: Parameters<typeof cacheMonitoring>[0]
  queue: Parameters<typeof queueMonitoring>[0]
  identity: Parameters<typeof identityMonitoring>[0]
  permissions: Parameters<typeof authorizationMonitoring>[0]
  events: () => EventStats & Readonly<{ published: number }>
  load: () => LoadStats
  durations: Pick<Durations, 'metrics'>
}>

/** The checks and metrics of all parts. */
export function monitoringOf({ durations, ...parts }: Adapters): Monitoring {
  const { driver, cache, queue, identity, permissions, events, load } = parts
  return combinedMonitoring(
    storeMonitoring(driver),
    queueMonitoring(queue, events),
    eventMonitoring(events),
    loadMonitoring(load),
    cacheMonitoring(cache),
    identityMonitoring(identity),
    authorizationMonitoring(permissions),
    { checks: {}, metrics: durations.metrics },
  )
}
