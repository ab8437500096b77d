import type { Server, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'
import { HealthImplementation, type ServingStatusMap } from 'grpc-health-check'

/** Whether calls are answered: not while a part is down that the service needs, and not once it is stopping. */
export type IsReady = () => Promise<boolean>

/** So often the state is read while a client watches it. */
const REFRESH_MS = 1_000

type Call = Readonly<{ once: (event: 'cancelled', listener: () => void) => void }>
type Answer = (call: Call, ...more: readonly unknown[]) => void

/**
 * The standard health service, for the whole (an empty name) and for each service. The state is read anew for each
 * question, and each second while a client watches it.
 */
export function addHealthService(server: Server, services: readonly string[], isReady: IsReady): void {
  const health = new HealthImplementation()
  const refresh = refresher(health, ['', ...services], isReady)
  const watchers = new Set<Call>()
  let timer: NodeJS.Timeout | undefined

  function watch(call: Call): void {
    watchers.add(call)
    timer ??= setInterval(refresh, REFRESH_MS).unref()
    call.once('cancelled', () => {
      watchers.delete(call)
      if (watchers.size > 0) return
      clearInterval(timer)
      timer = undefined
    })
  }

  const fresh =
    (answer: Answer, begin = (_call: Call): void => {}): Answer =>
    (call, ...more) => {
      begin(call)
      void refresh().then(() => answer(call, ...more))
    }

  health.addToServer({
    addService(definition, { check, watch: follow, list }) {
      const answers = {
        check: fresh(check as Answer),
        list: fresh(list as Answer),
        watch: fresh(follow as Answer, watch),
      }
      server.addService(definition as ServiceDefinition, answers as unknown as UntypedServiceImplementation)
    },
  })
}

/** Sets the state of the health service, if it has changed: it sends each change to those who watch. */
function refresher(health: HealthImplementation, names: readonly string[], isReady: IsReady): () => Promise<void> {
  let last: ServingStatusMap[string] | undefined

  return async () => {
    const status = (await isReady()) ? 'SERVING' : 'NOT_SERVING'
    if (status === last) return
    last = status
    for (const name of names) health.setStatus(name, status)
  }
}
