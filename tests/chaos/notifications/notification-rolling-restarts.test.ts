import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { until } from '../../kit/command.ts'
import { skipWithout } from '../../kit/engines.ts'
import { type Haproxy, startHaproxy } from '../../kit/haproxy.ts'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { judge } from '../kit/check-history.ts'
import { type Person, people } from '../kit/people.ts'
import { report, size } from '../kit/plan.ts'
import { settingsFor, startTeam } from '../kit/revivable.ts'
import { openSlowRequest } from '../kit/sockets.ts'
import { POSTGRES } from '../kit/stores.ts'
import { startSteadyLoad } from './kit/comment-load.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { type Received, startListener } from './kit/notification-listener.ts'

const RESTARTS = size(10, 50)
const STOPS = size(1, 10)
const A_SECOND = 200
const HALF_SENT = 5

/** HAProxy needs two intervals, and a busy machine more, to see that a process stops. */
const [INTERVAL_MS, DELAY] = [200, '1500ms']
const MAX_DELAY_MS = 3_000
const TIMEOUT_MS = 20_000
/** Longer than a request may take to arrive. */
const MAX_STOP_MS = 16_000

type World = Awaited<ReturnType<typeof openWorld>>
type Member = World['team']['services'][number]

/** Two processes of the service behind an HAProxy, and two people. */
async function openWorld(queueUrl: string) {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await POSTGRES.open())
  const issuer = opening.use(await startTestIssuer())
  const settings = { ...settingsFor(issuer, store.url), QUEUE_URL: queueUrl, SHUTDOWN_DELAY: DELAY }
  const team = opening.use(await startTeam(settings))
  const haproxy = opening.use(await startHaproxy(team.services, INTERVAL_MS))
  const [owner, commenter] = (await people(issuer, 2)) as [Person, Person]
  await untilAllAreUp(haproxy)
  const opened = opening.move()
  return { store, team, haproxy, owner, commenter, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const untilAllAreUp = (haproxy: Haproxy) =>
  until('HAProxy sends requests to both', async () => (await haproxy.areUp()).every(Boolean), 30_000)

/** Stops one after the other and starts it again, each once the other one gets requests. */
async function restart({ team, haproxy }: World, times: number, before: (member: Member) => Promise<void>) {
  const stops: Readonly<{ code: number | null; milliseconds: number }>[] = []
  for (let count = 0; count < times; count++) {
    await untilAllAreUp(haproxy)
    const member = team.services[count % team.services.length] as Member
    await before(member)
    stops.push(await member.restart())
  }
  await untilAllAreUp(haproxy)
  return stops
}

/** Each comment has one notification; the longest delay after its answer. */
function judgeNotices(commentedAt: ReadonlyMap<string, number>, received: readonly Received[]) {
  const times = Map.groupBy(received, ({ comment }) => comment)
  return {
    notNotified: [...commentedAt.keys()].filter((comment) => !times.has(comment)),
    notifiedTwice: [...times].filter(([, notices]) => notices.length > 1).map(([comment]) => comment),
    slowestMs: Math.round(Math.max(...received.map(({ comment, at }) => at - (commentedAt.get(comment) ?? at)))),
  }
}

for (const { name, skip, shared } of EVENT_BROKERS) {
  const missing = POSTGRES.skip || skip || skipWithout('haproxy')

  describe(`two processes on ${name} behind HAProxy, restarted in turn at ${A_SECOND} requests a second,`, {
    skip: missing,
  }, () => {
    it('fail no request, lose no write, and notify of each comment once and in time', async (test) => {
      await using broker = shared([])
      await using world = await openWorld(broker.choice.url)
      const { store, haproxy, owner, commenter } = world
      await using load = startSteadyLoad(haproxy.url, A_SECOND, [owner, commenter])
      await using listener = startListener(haproxy.url, owner)

      const stops = await restart(world, RESTARTS, async () => {})
      await load.stop()
      await until('all are received', () => listener.received().length >= load.commentedAt.size, TIMEOUT_MS).catch(
        () => {},
      )

      const notices = judgeNotices(load.commentedAt, listener.received())
      const { acknowledged, ...verdict } = judge(load.history, await store.rows())
      const codes = [...new Set(stops.map(({ code }) => code))]
      const stats = { writes: acknowledged, comments: load.commentedAt.size, slowest: `${notices.slowestMs} ms` }
      report(test, { restarts: RESTARTS, ...load.stats(), failed: load.failures.length, ...stats })
      assert.deepEqual(load.ownFaults, [], 'the clients of the test failed')
      assert.deepEqual(load.failures, [])
      assert.deepEqual(verdict, { unknown: 0, refused: 0, lost: [], phantom: [], inconsistent: [] })
      assert.deepEqual([notices.notNotified, notices.notifiedTwice], [[], []])
      assert.ok(notices.slowestMs <= MAX_DELAY_MS, `${notices.slowestMs} ms`)
      assert.deepEqual([codes, listener.refused()], [[0], []])
    })

    it('end with 0 though requests stay half sent, and fail no other', async (test) => {
      await using broker = shared([])
      await using world = await openWorld(broker.choice.url)
      const { haproxy, owner, commenter } = world
      await using load = startSteadyLoad(haproxy.url, A_SECOND, [owner, commenter])

      const stops = await restart(world, STOPS, async (member) => {
        const urls = Array.from({ length: HALF_SENT }, (_, index) => (index === 0 ? haproxy.url : member.url))
        await Promise.all(urls.map((url) => openSlowRequest(url, owner.token, 'never finished')))
      })
      await load.stop()

      const slowest = Math.round(Math.max(...stops.map(({ milliseconds }) => milliseconds)))
      report(test, { stops: STOPS, ...load.stats(), failed: load.failures.length, slowest: `${slowest} ms` })
      assert.deepEqual([...new Set(stops.map(({ code }) => code))], [0])
      assert.deepEqual([load.ownFaults, load.failures], [[], []])
      assert.ok(slowest <= MAX_STOP_MS, `${slowest} ms`)
    })
  })
}
