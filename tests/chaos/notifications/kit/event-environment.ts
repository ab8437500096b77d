import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../../kit/command.ts'
import { freshDatabase } from '../../../kit/fresh-database.ts'
import { startTestIssuer } from '../../../kit/test-issuer.ts'
import { createHttpClient } from '../../kit/http-client.ts'
import { aPerson, type Person } from '../../kit/people.ts'
import type { BrokerChoice } from './event-brokers.ts'
import { openEventDatabase } from './event-rows.ts'
import { type Member, startEventTeam } from './event-team.ts'
import { createPublishProbe } from './publish-probe.ts'

const TIMEOUT_MS = 60_000

export type EventEnvironment = Awaited<ReturnType<typeof openEventEnvironment>>

const TAKE = (token: string) => `update outbox_lease set token = '${token}', until = clock_timestamp() + interval '1 h'`
const GIVE = `update outbox_lease set until = '-infinity'`

/** Two processes of the service, somebody who sees all that they publish, and two people who write. */
export async function openEventEnvironment(choice: BrokerChoice, probeName: string) {
  await using building = new AsyncDisposableStack()
  const { url, drop } = await freshDatabase()
  building.defer(drop)
  const issuer = building.use(await startTestIssuer())
  const team = building.use(await startEventTeam(issuer, url, choice.url))
  const database = building.use(await openEventDatabase(url))
  const probe = building.use(await createPublishProbe(choice, probeName))
  const http = building.use(createHttpClient())
  const [owner, commenter] = [await aPerson(issuer, 'owner'), await aPerson(issuer, 'commenter')]
  const resources = building.move()

  async function ask(who: Person, method: string, path: string, body: object): Promise<string> {
    const url = `${team.urls[0]}/v1/${path}`
    const answer = await http.ask({ method, url, token: who.token, body })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.code}`)
    return answer.body.id ?? ''
  }

  /** Posts that are rewritten twice, each with a comment by somebody else. */
  async function write(posts: number): Promise<void> {
    for (let post = 0; post < posts; post++) {
      const postId = await ask(owner, 'POST', 'posts', { text: 'first' })
      await ask(commenter, 'POST', 'comments', { postId, text: 'well' })
      for (const text of ['second', 'third']) await ask(owner, 'PUT', `posts/${postId}`, { text })
    }
  }

  return {
    ...{ url, issuer, team, database, probe, ask, owner, commenter, write },

    /** Lets this process claim what is written meanwhile, while all others sleep. Resolves when it publishes that. */
    async letClaim(holder: Member, writing: () => Promise<void>): Promise<void> {
      const token = randomUUID()
      await until('nobody publishes', async () => !(await database.lease()).isHeld)
      await database.query(TAKE(token))
      await writing()
      const others = team.members.filter((member) => member !== holder)
      for (const other of others) other.pause()
      const before = holder.sent()
      await database.query(GIVE)
      await until('it publishes what it has claimed', () => holder.sent() > before)
      for (const other of others) other.resume()
    },

    /** Waits until everything is published, was seen and took effect. What is missing after a minute is for the judge. */
    async settled(): Promise<void> {
      for (const start = performance.now(); performance.now() - start < TIMEOUT_MS; await sleep(20)) {
        const { outbox, inbox } = await database.rows()
        const comments = outbox.filter(({ type }) => type === 'comment.written').map(({ id }) => id)
        const isHandled = probe.has(outbox.map(({ id }) => id)) && new Set(inbox).isSupersetOf(new Set(comments))
        if (isHandled && (await database.pending()) === 0) return
      }
    },

    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
