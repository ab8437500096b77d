import type { EventFigures } from '../controllers/events/consume-events.ts'
import { eventSigns } from '../controllers/events/vital-signs.ts'
import type { LoadStats } from '../controllers/http/load/load-shedder.ts'
import { loadSigns } from '../controllers/http/load/vital-signs.ts'
import { identitySigns } from '../infrastructures/authentication/oidc/vital-signs.ts'
import { authorizationSigns } from '../infrastructures/authorization/vital-signs.ts'
import { cacheSigns } from '../infrastructures/cache/vital-signs.ts'
import { queueSigns } from '../infrastructures/message-queue/vital-signs.ts'
import { storeSigns } from '../infrastructures/store/vital-signs.ts'
import type { VitalSigns } from '../patterns/vital-signs.ts'

type Parts = Readonly<{
  driver: Parameters<typeof storeSigns>[0]
  cache: Parameters<typeof cacheSigns>[0]
  queue: Parameters<typeof queueSigns>[0]
  identity: Parameters<typeof identitySigns>[0]
  permissions: Parameters<typeof authorizationSigns>[0]
  events: () => EventFigures & Readonly<{ published: number }>
  load: () => LoadStats
}>

/** What health tells of the parts. */
export function vitalSigns({ driver, cache, queue, identity, permissions, events, load }: Parts): VitalSigns {
  const signs = [
    storeSigns(driver),
    queueSigns(queue, events),
    eventSigns(events),
    loadSigns(load),
    cacheSigns(cache),
    identitySigns(identity),
    authorizationSigns(permissions),
  ]
  return {
    checks: Object.assign({}, ...signs.map(({ checks }) => checks)),
    metrics: signs.flatMap(({ metrics }) => metrics),
  }
}
