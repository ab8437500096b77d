import type { Operation } from './history.ts'
import type { Call } from './http-client.ts'
import type { Person } from './people.ts'
import type { Random } from './plan.ts'

export type Wish = Readonly<{ change: Operation['change']; subject: string | null; postId: string | null; call: Call }>

/** What an author believes to have, by noun; whatever became doubtful is left alone. */
export type Belongings = Map<string, readonly string[]>

/** The posts of all, so that people comment on each other's. */
export type Square = { posts: string[] }

/** How often what is wished for; the last three are refused. */
const CHANGES = {
  'write-post': 30,
  'rewrite-post': 25,
  'remove-post': 6,
  'write-comment': 20,
  'rewrite-comment': 9,
  'remove-comment': 4,
  stale: 2,
  foreign: 2,
  invalid: 2,
} as const

type Asking = Readonly<{ author: Person; url: string; text: string }>

/** What an author wants to do next; an author with nothing to change writes a post. */
export function nextWish(random: Random, own: Belongings, square: Square, asking: Asking): Wish {
  const drawn = draw(random)
  return wishFor(drawn, random, own, square, asking) ?? writePost(asking)
}

function wishFor(
  drawn: keyof typeof CHANGES,
  random: Random,
  own: Belongings,
  square: Square,
  asking: Asking,
): Wish | null {
  const mine = (noun: string) => own.get(noun) ?? []
  switch (drawn) {
    case 'write-post':
      return null
    case 'foreign':
      return rewritePost(
        square.posts.findLast((id) => !mine('post').includes(id)),
        asking,
      )
    case 'rewrite-post':
      return rewritePost(random.pick(mine('post')), asking)
    case 'stale':
      return rewritePost(random.pick(mine('post')), asking, { headers: { 'if-match': '"999999"' } })
    case 'invalid':
      return rewritePost(random.pick(mine('post')), asking, { body: { text: asking.text, more: 1 } })
    case 'remove-post':
      return changeOf('remove-post', 'DELETE', random.pick(mine('post')), asking, {})
    case 'write-comment':
      return writeComment(random.pick(square.posts), asking)
    case 'rewrite-comment':
      return changeOf(drawn, 'PUT', random.pick(mine('comment')), asking, { body: { text: asking.text } })
    case 'remove-comment':
      return changeOf(drawn, 'DELETE', random.pick(mine('comment')), asking, {})
  }
}

function writePost({ author: { token }, url, text }: Asking): Wish {
  const call = { method: 'POST', url: `${url}/v1/posts`, token, body: { text } }
  return { change: 'write-post', subject: null, postId: null, call }
}

function writeComment(postId: string | undefined, { author: { token }, url, text }: Asking): Wish | null {
  if (postId === undefined) return null
  const call = { method: 'POST', url: `${url}/v1/comments`, token, body: { postId, text } }
  return { change: 'write-comment', subject: null, postId, call }
}

const rewritePost = (id: string | undefined, asking: Asking, more: Partial<Call> = {}): Wish | null =>
  changeOf('rewrite-post', 'PUT', id, asking, { body: { text: asking.text }, ...more })

function changeOf(
  change: Wish['change'],
  method: string,
  subject: string | undefined,
  { author: { token }, url }: Asking,
  more: Partial<Call>,
): Wish | null {
  if (subject === undefined) return null
  const path = change.endsWith('post') ? 'posts' : 'comments'
  return { change, subject, postId: null, call: { method, url: `${url}/v1/${path}/${subject}`, token, ...more } }
}

function draw(random: Random): keyof typeof CHANGES {
  let ticket = random.below(Object.values(CHANGES).reduce((sum, share) => sum + share, 0))
  for (const [change, share] of Object.entries(CHANGES)) {
    ticket -= share
    if (ticket < 0) return change as keyof typeof CHANGES
  }
  return 'write-post'
}
