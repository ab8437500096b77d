import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../kit/client.ts'
import type { Person } from '../../kit/people.ts'
import type { randomFor } from './plan.ts'

type People = Readonly<{ alice: Person; bob: Person; ada: Person }>
type Random = ReturnType<typeof randomFor>

/** Two who write, change and remove their own, a super admin who may too, and each of the two at what is the other's. */
export function startTrespassers(clients: readonly Client[], { alice, bob, ada }: People, random: Random) {
  const counts = { written: 0, changed: 0, removed: 0, refused: 0, unavailable: 0 }
  const trespasses: string[] = []
  let isOver = false

  /** Whatever comes of a call; a service that is being killed answers nothing. */
  async function call(...[who, method, path, sent]: Parameters<Client>) {
    const client = random.pick(clients)
    const answer = await client?.(who, method, path, sent).catch(() => null)
    if (answer?.status === 503) counts.unavailable++
    if (answer === null || answer?.status === 503) await sleep(20)
    return answer
  }

  async function trespass(other: Person, path: string): Promise<void> {
    const [method, sent] =
      random.next() < 0.5 ? (['DELETE', {}] as const) : (['PUT', { body: { text: 'Mine!' } }] as const)
    const answer = await call(other, method, path, sent)
    if (answer && answer.status < 300) trespasses.push(`${method} ${path} by ${other.name}`)
    if (answer?.status === 403) counts.refused++
  }

  async function live(owner: Person, other: Person): Promise<void> {
    while (!isOver) {
      const post = await call(owner, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
      if (post?.status !== 201) continue
      const [path, postId] = [`/v1/posts/${post.body.id}`, post.body.id]
      counts.written++
      await trespass(other, path)
      const comment = await call(other, 'POST', '/v1/comments', { body: { postId, text: 'Well.' } })
      if (comment?.status === 201) await trespass(owner, `/v1/comments/${comment.body.id}`)
      const editor = random.next() < 0.2 ? ada : owner
      if ((await call(editor, 'PUT', path, { body: { text: 'Again.' } }))?.status === 200) counts.changed++
      if (random.next() < 0.6 && (await call(editor, 'DELETE', path))?.status === 204) counts.removed++
    }
  }

  const lives = [live(alice, bob), live(bob, alice), live(alice, bob)]
  async function end(): Promise<void> {
    isOver = true
    await Promise.all(lives)
  }

  return {
    async stop() {
      await end()
      return { ...counts, trespasses }
    },
    /** Else it goes on for ever after a test that failed. */
    [Symbol.asyncDispose]: end,
  }
}
