import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { RequestLimiter } from './authentication.ts'

/** A set of routes whose schemas give them their types. */
export type Routes = FastifyPluginAsyncTypebox

/**
 * Routes that know their callers by something else than a bearer token. They count the attempts that they refuse against
 * the caller's address.
 */
export type OpenRoutes = (limit: RequestLimiter) => Routes

/** What a module answers: its routes, all under one heading of the documentation. */
export type HttpModule = Readonly<{
  tag: Readonly<{ name: string; description: string }>
  routes: readonly Routes[]
  openRoutes?: readonly OpenRoutes[] | undefined
}>
