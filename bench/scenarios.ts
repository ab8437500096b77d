import { encodeCursor } from '../src/controllers/api/cursor.ts'
import { parseListQuery } from '../src/controllers/api/list-query.ts'
import { DOOMED, ownerOf, postId, TEXT, writtenAt } from './data.ts'

/** One kind of request. `{post}` stands for the id of the next post; its owner sends the request. */
export type Step = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}>

export type Scenario = Readonly<{
  name: string
  /** Used round robin. */
  steps: readonly Step[]
  posts: Readonly<{ first: number; count: number }>
  /** For requests that use posts up: a number of requests instead of a duration. */
  requests?: Readonly<{ warmUp: number; measured: number }>
}>

const ONE = '/v1/posts/{post}'
const PAGE = 20

/** The pages of a list of a million posts that come before the deep one, or as large a part of a shorter list. */
const DEPTH = 0.8

/** Coprime with the number of posts: the requests reach posts all over the table, each once. */
export const STRIDE = 7_919

export function postInTurn(
  { posts: { first, count } }: Scenario,
  turn: number,
): Readonly<{ id: string; owner: number }> {
  const number = first + ((turn * STRIDE) % count)
  return { id: postId(number), owner: ownerOf(number) }
}

const text = JSON.stringify({ text: TEXT })
const comment = JSON.stringify({ postId: '{post}', text: TEXT })

const read: Step = { method: 'GET', path: ONE }
const page: Step = { method: 'GET', path: `/v1/posts?limit=${PAGE}` }
const write: Step = { method: 'POST', path: '/v1/posts', body: text }
const rewrite: Step = { method: 'PUT', path: ONE, body: text }
const writeComment: Step = { method: 'POST', path: '/v1/comments', body: comment }
const remove: Step = { method: 'DELETE', path: ONE }

/** Four reads to one write. */
const MIXTURE = [read, page, read, write, read, read, read, read, writeComment, read].concat([
  read,
  page,
  read,
  rewrite,
  read,
  read,
  read,
  read,
  write,
  read,
])

export function scenariosFor(rows: number): readonly Scenario[] {
  const posts = { first: 0, count: rows }
  const deep = { ...page, path: `${page.path}&cursor=${deepCursor(rows)}` }
  return [
    { name: 'read a post', steps: [read], posts },
    { name: 'read, not modified', steps: [{ ...read, headers: { 'if-none-match': '"1"' } }], posts },
    { name: 'first page', steps: [page], posts },
    { name: 'deep page', steps: [deep], posts },
    { name: 'write a post', steps: [write], posts },
    { name: 'rewrite a post', steps: [{ ...rewrite, headers: { 'if-match': '"1"' } }], posts },
    { name: 'write a comment', steps: [writeComment], posts },
    { name: 'delete a post', steps: [remove], posts: DOOMED, requests: { warmUp: 80, measured: 400 } },
    { name: 'mixture', steps: MIXTURE, posts },
  ]
}

/** The same without If-Match: in a small table, posts that were never rewritten run out. */
export const repeatable = (scenario: Scenario): Scenario => ({
  ...scenario,
  steps: scenario.steps.map(({ headers, ...step }) =>
    headers === undefined || 'if-match' in headers ? step : { ...step, headers },
  ),
})

function deepCursor(rows: number): string {
  const number = Math.floor(rows * (1 - DEPTH))
  return encodeCursor(parseListQuery('posts', {}).name, { at: writtenAt(number), id: postId(number) })
}
