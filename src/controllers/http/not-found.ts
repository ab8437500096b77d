import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { HttpError } from './http-error.ts'
import { pathOf } from './path.ts'
import { strict } from './v1/schemas.ts'

/**
 * Answers what none of the routes takes that are added from now on, before its body is read: with 405 and `Allow` where
 * the path is known under other methods, else with 404.
 */
export function handleNotFound(http: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()
  let known: readonly Readonly<{ path: RegExp; names: ReadonlySet<string> }>[] = []

  http.addHook('onRoute', ({ url, method }) => {
    methods.set(url, new Set([...(methods.get(url) ?? []), method].flat()))
  })

  http.addHook('onReady', async () => {
    known = [...methods].map(([url, names]) => ({ path: patternOf(url), names }))
  })

  async function refuse(request: FastifyRequest): Promise<never> {
    const other = known.find(({ path }) => path.test(pathOf(request)))
    if (other === undefined || other.names.has(request.method)) throw new HttpError('not-found')
    throw new HttpError('method-not-allowed', undefined, { headers: { allow: [...other.names].sort().join(', ') } })
  }

  http.addHook('onRequest', async (request) => {
    if (request.is404 || isWithoutId(request)) await refuse(request)
  })
  http.setNotFoundHandler(refuse)
}

/** A path that ends with a slash has an empty id, which matches no route. */
const isWithoutId = ({ params }: FastifyRequest): boolean => (params as { id?: string }).id === ''

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(/:\w+/g, '[^/]+')}$`)

/** Routes that take no query parameter refuse all of them. */
export function rejectUnknownQueries(http: FastifyInstance): void {
  http.addHook('onRoute', (route) => {
    route.schema = { querystring: Type.Object({}, strict), ...route.schema }
  })
}
