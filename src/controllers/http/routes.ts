import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** A set of routes whose schemas give them their types. */
export type Routes = FastifyPluginAsyncTypebox

/** What a module answers: its routes, all under one heading of the documentation. */
export type HttpModule = Readonly<{ tag: Readonly<{ name: string; description: string }>; routes: readonly Routes[] }>
