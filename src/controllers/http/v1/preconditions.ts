import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { ExpectedVersions } from '../../../domains/entities/version.ts'
import { InvalidInput } from '../../../domains/errors/input-errors.ts'

const MAX_TAGS = 20
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`
const TAGS = String.raw`^(?:\*|${TAG}(?:[ \t]*,[ \t]*${TAG}){0,${MAX_TAGS - 1}})$`
const LIST = new RegExp(TAGS)

export const IfMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: 'the ETag that you changed; 412 when it is no longer current',
      documented: { pattern: TAGS, examples: ['"1"'] },
    }),
  ),
})
export const IfNoneMatch = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'the ETag that you have; 304 when it is still current' })),
})

/** The strong tag of a version. */
export const etagOf = ({ version }: Readonly<{ version: number }>): string => `"${version}"`

/**
 * The versions that `If-Match` accepts; tags that are not ours match nothing. A weak tag names the same version: proxies
 * make ours weak when they compress an answer. RFC 9110, section 13.1.1, would have it match nothing, so that no change
 * could be made conditional behind them.
 *
 * @throws {InvalidInput} when the header is not a list of entity tags
 */
export function expectedVersions({ headers }: FastifyRequest): ExpectedVersions {
  const header = headers['if-match']
  if (header === undefined || header.trim() === '*') return null
  if (!LIST.test(header.trim())) throw new InvalidInput('If-Match', `must be * or at most ${MAX_TAGS} entity tags`)
  return new Set(header.matchAll(/"([^"]*)"/g).map(([, tag = '']) => versionOf(tag)))
}

/** Answers 304 where the caller already has this version (RFC 9110, section 13.1.2), else sends it with its tag. */
export function sendWithETag<Resource extends Readonly<{ version: number }>>(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: Resource,
): FastifyReply {
  const etag = etagOf(resource)
  reply.header('etag', etag)
  return matchesETag(etag, request.headers['if-none-match']) ? reply.code(304).send() : reply.send(resource)
}

const matchesETag = (etag: string, header: string | undefined): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))

const versionOf = (tag: string): number => (/^[1-9]\d{0,8}$/.test(tag) ? Number(tag) : Number.NaN)
