import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TProperties, type TSchema, Type } from 'typebox'
import type { KeysetPosition } from '../../../domains/ports/list-query.ts'
import type { Page } from '../../../patterns/page.ts'
import { encodeCursor } from '../../api/cursor.ts'
import { pathOf } from '../path.ts'

const WithTotal = {
  total: Type.Optional(Type.Integer({ minimum: 0, description: 'how many match in all; only with count=true' })),
}

/** A page of a list as clients see it. */
export const PageResource = (item: TSchema & { title?: string; examples?: unknown[] }, more: TProperties = WithTotal) =>
  Type.Object(
    {
      items: Type.Array(item),
      nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page' }),
      ...more,
    },
    { title: `${item.title}Page`, examples: [{ items: item.examples ?? [], nextCursor: null }] },
  )

/** Sends a page, with a `Link` to the next one if there is one (RFC 8288). `list` is what its cursor belongs to. */
export function sendPage<Item, Resource>(
  request: FastifyRequest,
  reply: FastifyReply,
  list: string,
  { items, next, total }: Page<Item, KeysetPosition>,
  from: (item: Item) => Resource,
): FastifyReply {
  const nextCursor = next === null ? null : encodeCursor(list, next)
  if (nextCursor !== null) reply.header('link', `<${urlOf(request, nextCursor)}>; rel="next"`)
  const page = { items: items.map(from), nextCursor }
  return reply.send(total === null ? page : { ...page, total })
}

function urlOf(request: FastifyRequest, cursor: string): string {
  const parameters = new URLSearchParams({ ...(request.query as Record<string, string>), cursor })
  return `${pathOf(request)}?${parameters}`
}
