import { type Answer, answerOf, assertSafe } from './answers.ts'
import type { Person } from './people.ts'

export type Sent = Readonly<{ body?: unknown; headers?: Readonly<Record<string, string>> }>
export type Client = ReturnType<typeof clientOf>

const TIMEOUT_MS = 10_000

/** Calls a service that listens at a URL, as an application would; each answer is proven to be a sound one, unless a proxy made it. */
export const clientOf =
  ({ url }: Readonly<{ url: string }>, isProxy = false) =>
  async (
    who: Pick<Person, 'token'> | null,
    method: string,
    path: string,
    { body, headers }: Sent = {},
  ): Promise<Answer> => {
    const response = await fetch(new URL(path, url), {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(who === null ? {} : { authorization: `Bearer ${who.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = answerOf(response.status, response.headers, await response.text())
    if (!isProxy) assertSafe(answer)
    return answer
  }

/** The status of a page of the health port; null when the port is closed. */
export const statusOf = (url: string): Promise<number | null> =>
  fetch(url, { signal: AbortSignal.timeout(3_000), headers: { connection: 'close' } }).then(
    ({ status }) => status,
    () => null,
  )
