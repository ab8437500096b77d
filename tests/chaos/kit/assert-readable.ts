import assert from 'node:assert/strict'
import { type Body, createHttpClient } from './http-client.ts'
import type { Person } from './people.ts'
import type { Rows } from './rows.ts'

/** Each service must list exactly the posts that are kept, with their texts and versions. */
export async function assertReadable(
  urls: readonly string[],
  [reader]: readonly Person[],
  { kept }: Rows,
): Promise<void> {
  const expected = kept.filter(({ noun }) => noun === 'post').map(({ id, version, text }) => `${id} ${version} ${text}`)

  for (const url of urls) {
    const posts = await allPosts(url, (reader as Person).token)
    assert.deepEqual(posts.map(({ id, version, text }) => `${id} ${version} ${text}`).sort(), expected.sort())
  }
}

async function allPosts(url: string, token: string): Promise<readonly Body[]> {
  using http = createHttpClient()
  const posts: Body[] = []
  let cursor: string | null | undefined
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor ? { cursor } : {}) })
    const { status, body } = await http.ask({ url: `${url}/v1/posts?${query}`, token })
    assert.equal(status, 200)
    posts.push(...(body.items ?? []))
    cursor = body.nextCursor
  } while (cursor)
  return posts
}
