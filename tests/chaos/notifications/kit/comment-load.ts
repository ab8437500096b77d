import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation } from '../../kit/history.ts'
import { createHttpClient, NoAnswer } from '../../kit/http-client.ts'
import type { Person } from '../../kit/people.ts'
import { randomFor } from '../../kit/plan.ts'

/** A request that was not answered as it should have been, how long it took, and the port of its connection if that ended. */
export type Failure = Readonly<{ request: string; answer: number | string; milliseconds: number; port: number | null }>

/** What goes wrong here, before anything reaches the service. */
const OWN_FAULTS = /EADDRNOTAVAIL|EMFILE|ENFILE|ENOBUFS/

type Request = Readonly<{ change: 'write-post' | 'write-comment' | null; method: string; path: string; body?: object }>

/** Requests at a steady rate, each at its time however long others take, of people who write, comment and read. */
export function startSteadyLoad(url: string, aSecond: number, [owner, commenter]: readonly [Person, Person]) {
  const http = createHttpClient()
  const random = randomFor('steady load')
  const history: Operation[] = []
  const [failures, ownFaults]: [Failure[], Failure[]] = [[], []]
  const commentedAt = new Map<string, number>()
  const posts: string[] = []
  let [requests, lagMs, isOver] = [0, 0, false]

  function next(): Request {
    const [postId, chance] = [random.pick(posts), random.next()]
    if (postId === undefined || chance < 0.15) return { change: 'write-post', method: 'POST', path: 'posts' }
    if (chance < 0.3) return { change: 'write-comment', method: 'POST', path: 'comments', body: { postId } }
    return { change: null, method: 'GET', path: chance < 0.4 ? 'posts?limit=5' : `posts/${postId}` }
  }

  async function carryOut({ change, method, path, body }: Request, text: string): Promise<void> {
    const begun = performance.now()
    const { token } = change === 'write-comment' ? commenter : owner
    const sent = change === null ? {} : { body: { ...body, text } }
    const { status, id, cause, port } = await http.ask({ method, url: `${url}/v1/${path}`, token, ...sent }).then(
      (answer) => ({ status: answer.status, id: answer.body.id ?? null, cause: null, port: null }),
      (error: unknown) => ({ status: 0, id: null, ...causeOf(error) }),
    )
    const isDone = status >= 200 && status < 300
    if (!isDone) {
      const milliseconds = performance.now() - begun
      const failure = { request: `${method} ${path}`, answer: cause ?? status, milliseconds, port }
      ;(OWN_FAULTS.test(cause ?? '') ? ownFaults : failures).push(failure)
    }
    if (change === null) return
    const postId = (body as { postId?: string } | undefined)?.postId ?? null
    const outcome = isDone ? 'ok' : 'info'
    history.push({ change, text, subject: id, postId, outcome, version: isDone ? 1 : null, answer: cause ?? status })
    if (id !== null && change === 'write-post') posts.push(id)
    if (id !== null && change === 'write-comment') commentedAt.set(id, performance.now())
  }

  async function run(): Promise<void> {
    const running = new Set<Promise<void>>()
    for (const start = performance.now(); !isOver; requests++) {
      const due = start + (requests * 1_000) / aSecond
      const early = due - performance.now()
      if (early > 0) await sleep(early)
      lagMs = Math.max(lagMs, performance.now() - due)
      const request = carryOut(next(), `text ${requests}`).finally(() => running.delete(request))
      running.add(request)
    }
    await Promise.all(running)
    http[Symbol.dispose]()
  }

  const running = run()
  async function stop(): Promise<void> {
    isOver = true
    await running
  }
  return {
    ...{ history, failures, ownFaults, commentedAt, stop },
    /** So many were sent, and one of them so much later than it was to be. */
    stats: () => ({ requests, lag: `${Math.round(lagMs)} ms` }),
    [Symbol.asyncDispose]: stop,
  }
}

function causeOf(error: unknown): Readonly<{ cause: string; port: number | null }> {
  if (error instanceof NoAnswer) return { cause: error.message, port: error.port }
  throw error
}
