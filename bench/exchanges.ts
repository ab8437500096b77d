import { DISABLED_USER, DOOMED, ownerOf, postId, SUPER_ADMIN, TEXT, userId } from './data.ts'
import { scenariosFor } from './scenarios.ts'

/** A request of the comparison. `who` is the number of a user; null is a caller without a token. */
export type Exchange = Readonly<{
  says: string
  who: number | null
  method: string
  path: string
  headers?: Readonly<Record<string, string>>
  body?: unknown
}>

const [ONE, OTHER, THIRD] = [11, 12, 13]
const DOOMED_POST = DOOMED.first + 7
const UNKNOWN = userId(0xffffff)
const owner = ownerOf(ONE)
const at = (number: number): string => `/v1/posts/${postId(number)}`
const text = ` ${TEXT} Löwe 🐯 "\\ `

const reading: readonly Exchange[] = [
  { says: 'read', who: owner, method: 'GET', path: at(ONE) },
  { says: 'read what somebody else wrote', who: owner, method: 'GET', path: at(OTHER) },
  { says: 'read without a token', who: null, method: 'GET', path: at(ONE) },
  { says: 'read with a disabled account', who: DISABLED_USER, method: 'GET', path: at(ONE) },
  { says: 'read what is not there', who: owner, method: 'GET', path: `/v1/posts/${UNKNOWN}` },
  { says: 'read what has no id', who: owner, method: 'GET', path: '/v1/posts/none' },
  { says: 'read what is known', who: owner, method: 'GET', path: at(ONE), headers: { 'if-none-match': '"1"' } },
  { says: 'read what has changed', who: owner, method: 'GET', path: at(ONE), headers: { 'if-none-match': '"7"' } },
  { says: 'no page', who: owner, method: 'GET', path: '/v1/posts?limit=0' },
  { says: 'an altered cursor', who: owner, method: 'GET', path: '/v1/posts?limit=20&cursor=AAAA' },
  { says: 'a page with a disabled account', who: DISABLED_USER, method: 'GET', path: '/v1/posts?limit=20' },
]

const pages = (rows: number): readonly Exchange[] =>
  scenariosFor(rows)
    .filter(({ name }) => name.endsWith('page'))
    .map(({ name, steps }) => ({ says: name, who: owner, method: 'GET', path: String(steps[0]?.path) }))

const writing: readonly Exchange[] = [
  { says: 'write', who: owner, method: 'POST', path: '/v1/posts', body: { text } },
  { says: 'write nothing', who: owner, method: 'POST', path: '/v1/posts', body: { text: '  ' } },
  { says: 'write too much', who: owner, method: 'POST', path: '/v1/posts', body: { text: 'x'.repeat(10_001) } },
  { says: 'write a number', who: owner, method: 'POST', path: '/v1/posts', body: { text: 7 } },
  { says: 'write more than text', who: owner, method: 'POST', path: '/v1/posts', body: { text, title: 'x' } },
  { says: 'write with a disabled account', who: DISABLED_USER, method: 'POST', path: '/v1/posts', body: { text } },
  { says: 'rewrite', who: owner, method: 'PUT', path: at(ONE), body: { text }, headers: { 'if-match': '"1"' } },
  { says: 'rewrite again', who: owner, method: 'PUT', path: at(ONE), body: { text }, headers: { 'if-match': '"1"' } },
  { says: 'rewrite whatever is there', who: owner, method: 'PUT', path: at(ONE), body: { text: TEXT } },
  { says: "rewrite another's", who: owner, method: 'PUT', path: at(OTHER), body: { text } },
  { says: "rewrite another's as super admin", who: SUPER_ADMIN, method: 'PUT', path: at(OTHER), body: { text } },
  { says: 'rewrite what is not there', who: owner, method: 'PUT', path: `/v1/posts/${UNKNOWN}`, body: { text } },
  { says: 'comment', who: owner, method: 'POST', path: '/v1/comments', body: { postId: postId(THIRD), text } },
  { says: 'comment on nothing', who: owner, method: 'POST', path: '/v1/comments', body: { postId: UNKNOWN, text } },
  { says: 'comment with no id', who: owner, method: 'POST', path: '/v1/comments', body: { postId: 'none', text } },
  { says: "delete another's", who: ownerOf(DOOMED_POST) + 1, method: 'DELETE', path: at(DOOMED_POST) },
  { says: 'delete', who: ownerOf(DOOMED_POST), method: 'DELETE', path: at(DOOMED_POST) },
  { says: 'delete again', who: ownerOf(DOOMED_POST), method: 'DELETE', path: at(DOOMED_POST) },
  { says: 'read what was deleted', who: owner, method: 'GET', path: at(DOOMED_POST) },
]

export const exchangesFor = (rows: number): readonly Exchange[] => [...reading, ...pages(rows), ...writing]
