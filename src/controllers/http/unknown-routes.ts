import type { FastifyInstance } from 'fastify'
import { HttpError } from './http-error.ts'
import { pathOf } from './path.ts'

/** What the preflight requests of browsers match, whatever they ask for. */
const EVERYTHING = '*'

/** Answers what no route takes: with 405 and `Allow` where the path is known under other methods, else with 404. */
export function answerUnknownRoutes(http: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()
  let known: readonly Readonly<{ path: RegExp; allow: string }>[] = []

  http.addHook('onRoute', ({ url, method }) => {
    if (url === EVERYTHING) return
    methods.set(url, new Set([...(methods.get(url) ?? []), method].flat()))
  })

  http.addHook('onReady', async () => {
    known = [...methods].map(([url, names]) => ({ path: patternOf(url), allow: [...names].sort().join(', ') }))
  })

  http.addHook('onRequest', async ({ params }) => {
    if ((params as { id?: string }).id === '') throw new HttpError('not-found')
  })

  http.setNotFoundHandler(async (request) => {
    const other = known.find(({ path }) => path.test(pathOf(request)))
    if (other === undefined) throw new HttpError('not-found')
    throw new HttpError('method-not-allowed', undefined, { headers: { allow: other.allow } })
  })
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(/:\w+/g, '[^/]+')}$`)
