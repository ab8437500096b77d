import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** A set of routes whose schemas give them their types. */
export type Routes = FastifyPluginAsyncTypebox
