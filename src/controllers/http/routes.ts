import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { RequestLimiter } from './authentication.ts'

/** A set of routes whose schemas give them their types. */
export type Routes = FastifyPluginAsyncTypebox

/**
 * Routes that authenticate their callers otherwise than by a bearer token. They count refused attempts against the client
 * address.
 */
export type OpenRoutes = (limit: RequestLimiter) => Routes

/** The routes of a module, under one heading of the documentation. */
export type HttpModule = Readonly<{
  tag: Readonly<{ name: string; description: string }>
  routes: readonly Routes[]
  openRoutes?: readonly OpenRoutes[] | undefined
}>
