const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example })

/** The response headers that callers may rely on. */
export const HEADERS = {
  ETag: text('The version as a strong entity tag, for `If-Match` and `If-None-Match`.', '"1"'),
  'Idempotency-Replayed': text('The response was stored before, for the same request.', 'true'),
  Link: text('The next page, if there is one (RFC 8288).', '</v1/posts?cursor=AAAB…>; rel="next"'),
  Location: text('The address of the new resource.', '/v1/posts/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'),
  RateLimit: text('The remaining requests, and the seconds until the window resets.', '"default";r=599;t=60'),
  'RateLimit-Policy': text('The limit: requests per window, and its length in seconds.', '"default";q=600;w=60'),
  'Retry-After': text('Seconds to wait before the next attempt.', '2'),
  'WWW-Authenticate': text(
    'How to authenticate, and why a token was refused (RFC 6750).',
    'Bearer error="invalid_token", error_description="The token has expired."',
  ),
  'X-Request-Id': text('The id of the request, also in the log; your own if you sent one.', '0f5f4a3e-7d0b-4f0e-9d55'),
} as const

type Header = keyof typeof HEADERS

/** The headers by status, besides those of every response. */
const HEADERS_BY_STATUS: Readonly<Record<string, readonly Header[]>> = {
  201: ['Location', 'Idempotency-Replayed'],
  304: ['ETag'],
  401: ['WWW-Authenticate'],
  409: ['Retry-After'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}

/** The responses of requests that are refused before authentication. */
const NOT_RATE_LIMITED: readonly string[] = ['408', '431']

/** The headers of a response, from its status and the schema of its body. */
export function headersOf(status: string, properties: Readonly<Record<string, unknown>>) {
  const names: readonly Header[] = [
    'X-Request-Id',
    ...(NOT_RATE_LIMITED.includes(status) ? [] : (['RateLimit', 'RateLimit-Policy'] as const)),
    ...(HEADERS_BY_STATUS[status] ?? []),
    ...('version' in properties ? (['ETag'] as const) : []),
    ...('nextCursor' in properties ? (['Link'] as const) : []),
  ]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
