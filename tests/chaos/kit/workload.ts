import { setTimeout as sleep } from 'node:timers/promises'
import type { History, Operation } from './history.ts'
import { type Call, createHttpClient, NoAnswer } from './http-client.ts'
import type { Person } from './people.ts'
import { type Random, randomFor } from './plan.ts'

type Wish = Readonly<{ change: Operation['change']; subject: string | null; postId: string | null; call: Call }>

/** What an author believes to have; whatever became doubtful is left alone. */
type Belongings = { posts: string[]; comments: string[] }

export type Workload = ReturnType<typeof startWorkload>

/** The posts of all, so that people comment on each other's. */
type Square = { posts: string[] }

/** Who was refused, or met a service that is gone, waits so long. */
const PAUSE_MS = 50

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

/** Authors who write, rewrite and remove without pause, each asking one service after the other, never twice. */
export function startWorkload(urls: readonly string[], authors: readonly Person[]) {
  const history: Operation[] = []
  const square: Square = { posts: [] }
  let isOver = false

  async function live(author: Person, index: number): Promise<void> {
    using http = createHttpClient()
    const random = randomFor(`author ${index}`)
    const own: Belongings = { posts: [], comments: [] }
    for (let turn = 0; !isOver; turn++) {
      const text = `${'ß∂ '.repeat(random.below(40))}${index}.${turn}`
      const wish = nextWish(random, own, square, { author, url: urls[(index + turn) % urls.length] as string, text })
      const operation = await carryOut(http, wish, text)
      history.push(operation)
      remember(operation, own, square)
      await sleep(operation.outcome === 'ok' ? random.between(1, 20) : PAUSE_MS)
    }
  }

  const lives = Promise.all(authors.map(live))
  async function stop(): Promise<void> {
    isOver = true
    await lives
  }

  return { history: history as History, stop, [Symbol.asyncDispose]: stop }
}

function nextWish(
  random: Random,
  own: Belongings,
  square: Square,
  { author, url, text }: { author: Person; url: string; text: string },
): Wish {
  const { token } = author
  const [post, comment] = [random.pick(own.posts) ?? null, random.pick(own.comments) ?? null]
  const write: Wish = wishOf('write-post', null, { method: 'POST', url: `${url}/v1/posts`, token, body: { text } })
  const onPost = (method: string, more: Partial<Call> = {}): Call => ({
    method,
    url: `${url}/v1/posts/${post}`,
    token,
    ...more,
  })
  const drawn = draw(random)

  if (drawn === 'write-post') return write
  if (drawn === 'foreign') {
    const foreign = square.posts.findLast((id) => !own.posts.includes(id))
    const call = { method: 'PUT', url: `${url}/v1/posts/${foreign}`, token, body: { text } }
    return foreign === undefined ? write : wishOf('rewrite-post', foreign, call)
  }
  if (drawn === 'write-comment') {
    const postId = random.pick(square.posts) ?? null
    const call = { method: 'POST', url: `${url}/v1/comments`, token, body: { postId, text } }
    return postId === null ? write : { ...wishOf('write-comment', null, call), postId }
  }
  if (drawn === 'rewrite-comment' || drawn === 'remove-comment') {
    const call = { url: `${url}/v1/comments/${comment}`, token }
    if (comment === null) return write
    if (drawn === 'remove-comment') return wishOf(drawn, comment, { ...call, method: 'DELETE' })
    return wishOf(drawn, comment, { ...call, method: 'PUT', body: { text } })
  }
  if (post === null) return write
  if (drawn === 'remove-post') return wishOf('remove-post', post, onPost('DELETE'))
  if (drawn === 'stale')
    return wishOf('rewrite-post', post, onPost('PUT', { body: { text }, headers: { 'if-match': '"999999"' } }))
  return wishOf('rewrite-post', post, onPost('PUT', { body: drawn === 'invalid' ? { text, more: 1 } : { text } }))
}

const wishOf = (change: Wish['change'], subject: string | null, call: Call): Wish => ({
  change,
  subject,
  postId: null,
  call,
})

function draw(random: Random): keyof typeof CHANGES {
  let ticket = random.below(Object.values(CHANGES).reduce((sum, share) => sum + share, 0))
  for (const [change, share] of Object.entries(CHANGES)) {
    ticket -= share
    if (ticket < 0) return change as keyof typeof CHANGES
  }
  return 'write-post'
}

async function carryOut(
  http: ReturnType<typeof createHttpClient>,
  { change, subject, postId, call }: Wish,
  text: string,
): Promise<Operation> {
  const asked = { change, text, subject, postId, version: null }
  try {
    const { status, body } = await http.ask(call)
    const outcome = status < 300 ? 'ok' : status < 500 ? 'fail' : 'info'
    const { id = null, version = null } = outcome === 'ok' ? body : {}
    return { ...asked, subject: subject ?? id, outcome, version, answer: status }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { ...asked, outcome: error.wasSent ? 'info' : 'fail', answer: error.message }
  }
}

function remember({ change, subject, outcome }: Operation, own: Belongings, square: Square): void {
  if (subject === null || outcome === 'fail') return
  if (change === 'write-post') own.posts.push(subject)
  if (change === 'write-post') square.posts.push(subject)
  if (change === 'write-comment') own.comments.push(subject)
  if (!change.startsWith('remove') && outcome === 'ok') return
  own.posts = own.posts.filter((id) => id !== subject)
  own.comments = own.comments.filter((id) => id !== subject)
}
