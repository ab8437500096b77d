import { setTimeout as sleep } from 'node:timers/promises'
import type { History, Operation } from './history.ts'
import { createHttpClient, NoAnswer } from './http-client.ts'
import type { Person } from './people.ts'
import { randomFor } from './plan.ts'
import { type Belongings, nextWish, type Square, type Wish } from './wishes.ts'

export type Workload = ReturnType<typeof startWorkload>

/** Who was refused, or met a service that is gone, waits so long. */
const PAUSE_MS = 50

/** Authors who write, rewrite and remove without pause, each asking one service after the other, never twice. */
export function startWorkload(urls: readonly string[], authors: readonly Person[]) {
  const history: Operation[] = []
  const square: Square = { posts: [] }
  let isOver = false

  async function live(author: Person, index: number): Promise<void> {
    using http = createHttpClient()
    const random = randomFor(`author ${index}`)
    const own: Belongings = new Map()
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
  const [verb, noun = ''] = change.split('-')
  const others = (own.get(noun) ?? []).filter((id) => id !== subject)
  if (change === 'write-post') square.posts.push(subject)
  own.set(noun, verb !== 'remove' && outcome === 'ok' ? [...others, subject] : others)
}
