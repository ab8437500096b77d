import { startFaultProxy } from './fault-proxy.ts'

const HOOK = '/v1/authentication/webhook/events-synchronization'

/** A wire on which Keycloak's deliveries come to a service, with the moments at which they did. */
export async function watchDeliveries(serviceUrl: string) {
  let [arrived, answered] = [0, 0]
  let arrivedAt = Number.NaN

  const count = (bytes: Buffer): void => {
    if (!bytes.includes(`POST ${HOOK} `)) return
    arrived++
    arrivedAt = performance.now()
  }
  const countAnswer = (bytes: Buffer): Buffer => {
    if (bytes.includes('HTTP/1.1 204 ')) answered++
    return bytes
  }
  const proxy = await startFaultProxy(new URL(serviceUrl), count, countAnswer)

  return {
    /** Where the webhook delivers to. */
    url: new URL(HOOK, proxy.url).href,
    arrived: () => arrived,
    answered: () => answered,
    /** How long ago the last one arrived. */
    sinceLastMs: () => performance.now() - arrivedAt,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}
