import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { strict } from './v1/fields.ts'

/** Routes that take no query parameter refuse all of them. */
export function refuseUnknownQueries(http: FastifyInstance): void {
  http.addHook('onRoute', (route) => {
    route.schema = { querystring: Type.Object({}, strict), ...route.schema }
  })
}
