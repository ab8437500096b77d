import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../kit/command.ts'
import { listenAs } from '../../kit/notification-stream.ts'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { createHttpClient } from '../kit/http-client.ts'
import { aPerson } from '../kit/people.ts'
import { report, size } from '../kit/plan.ts'
import { settingsFor, startTeam } from '../kit/revivable.ts'
import { MONGODB, POSTGRES, type StoreKind, TIMED_STORES } from '../kit/stores.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'

const SECONDS = size(10, 60)
const A_SECOND = 40

/** SecantusDB, on which MongoDB's store is tested, takes no more from two processes that comment on one post. */
const A_SECOND_ON_MONGODB = 10

/** A lease that is not released holds for 8 s, and half of all comments wait for it: a machine that is busy delays a few. */
const MAX_DELAY_MS = 3_000
const P99_DELAY_MS = size(MAX_DELAY_MS, 1_000)
const TIMEOUT_MS = 30_000

const MEMORY = { choice: { url: 'memory:' }, [Symbol.asyncDispose]: async () => {} }
const SETTINGS = [
  ...[...TIMED_STORES, MONGODB].map((kind) => ({
    ...{ ...kind, name: `${kind.name}, with queues of their own` },
    aSecond: kind === MONGODB ? A_SECOND_ON_MONGODB : A_SECOND,
    queue: () => MEMORY,
  })),
  ...EVENT_BROKERS.map(({ name, skip, shared }) => ({
    ...{ name: `PostgreSQL and one ${name}`, skip, open: POSTGRES.open, aSecond: A_SECOND },
    queue: () => shared([]),
  })),
]

for (const { name, skip, open, aSecond, queue } of SETTINGS) {
  describe(`two processes on one ${name}`, { skip }, () => {
    it(`show each of ${aSecond} comments a second in time, on the streams of both`, async (test) => {
      await using broker = queue()
      await using world = await openWorld(open, broker.choice.url)

      const answered = await world.comment(aSecond)
      await until(
        'all are received',
        () => world.streams.every(({ received }) => received.length >= answered.size),
        TIMEOUT_MS,
      )

      const delays = world.streams.flatMap((stream) => delaysOf(stream, answered)).toSorted((a, b) => a - b)
      const of = (part: number): number => Math.round(delays[Math.ceil(part * delays.length) - 1] ?? 0)
      const [median, p99, slowest] = [of(0.5), of(0.99), of(1)]
      report(test, { comments: answered.size, median: `${median} ms`, p99: `${p99} ms`, slowest: `${slowest} ms` })
      for (const stream of world.streams) {
        assert.deepEqual(stream.comments().toSorted(), [...answered.keys()].toSorted())
      }
      assert.ok(p99 <= P99_DELAY_MS && slowest <= MAX_DELAY_MS, `${p99} ms, ${slowest} ms`)
    })
  })
}

type Stream = Awaited<ReturnType<typeof listenAs>>

/** The delay between the answer to each comment and its notification. */
const delaysOf = (stream: Stream, answered: ReadonlyMap<string, number>): readonly number[] =>
  stream.comments().map((id, index) => (stream.times[index] ?? 0) - (answered.get(id) ?? 0))

/** Two processes of the service, an owner of a post who listens at both, and somebody who comments on it at both. */
async function openWorld(open: StoreKind['open'], queueUrl: string) {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await open())
  const issuer = opening.use(await startTestIssuer())
  const { urls } = opening.use(await startTeam({ ...settingsFor(issuer, store.url), QUEUE_URL: queueUrl }))
  const http = opening.use(createHttpClient())
  const [owner, commenter] = [await aPerson(issuer, 'owner'), await aPerson(issuer, 'commenter')]
  const post = await http.ask({ method: 'POST', url: `${urls[0]}/v1/posts`, token: owner.token, body: { text: 'Hi.' } })
  const streams = await Promise.all(urls.map((url) => listenAs(owner, url)))
  for (const { leave } of streams) opening.defer(leave)
  const opened = opening.move()

  /** When a comment was answered, by its id. */
  async function commentAt(url: string | undefined): Promise<readonly [id: string, at: number]> {
    const body = { postId: post.body.id, text: 'Well said.' }
    const answer = await http.ask({ method: 'POST', url: `${url}/v1/comments`, token: commenter.token, body })
    assert.equal(answer.status, 201)
    return [answer.body.id ?? '', performance.now()]
  }

  return {
    streams,

    /** So many a second, at both in turn, however long each takes. */
    async comment(aSecond: number): Promise<ReadonlyMap<string, number>> {
      const asked: ReturnType<typeof commentAt>[] = []
      for (const start = performance.now(); asked.length < SECONDS * aSecond; ) {
        asked.push(commentAt(urls[asked.length % 2]))
        await sleep(start + (asked.length * 1_000) / aSecond - performance.now())
      }
      return new Map(await Promise.all(asked))
    },

    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
