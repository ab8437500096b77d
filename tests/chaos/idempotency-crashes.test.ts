import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RESERVATION_TTL_MS } from '../../src/domains/ports/idempotency-keys.ts'
import { until } from '../kit/command.ts'
import { lockPosts } from '../kit/locked-posts.ts'
import { succeeded } from '../kit/succeeded.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { type ProxiedChoice, startCommitProxy, startPostgresProxy } from './kit/commit-proxy.ts'
import { ageReservations, type Keyed, newRequest, openKeyedWorld, outcomeOf, untilReleased } from './kit/keyed-world.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { startRevivable, startTeam } from './kit/revivable.ts'
import { MONGODB, POSTGRES, SHARED_STORES, type SharedStore } from './kit/stores.ts'

const KILLS = size(6, 80)
const BURST = 25
const CUTS = size(2, 30)
const FREE_MS = 15_000

/** Until every reservation has run out: a large run really waits. */
const untilRunOut = (store: SharedStore): Promise<void> =>
  size(0, 1) === 0 ? ageReservations(store) : sleep(RESERVATION_TTL_MS)

const replayed = (requests: readonly Keyed[]) => requests.map(() => '201 again')
const once = (requests: readonly Keyed[]) => new Map(requests.map(({ text }) => [text, 1]))

for (const kind of SHARED_STORES) {
  describe(`${kind.name}: requests with keys`, { skip: kind.skip }, () => {
    it('are executed once, although processes are killed and callers hang up, whichever process gets the retry', async (test) => {
      await using world = await openKeyedWorld(kind)
      await using team = await startTeam(world.settings())
      const random = randomFor(`kills with keys on ${kind.name}`)
      const requests: Keyed[] = []
      const ids = new Map<string, string | undefined>()
      const [first, second]: [string[], string[]] = [[], []]

      async function askAll(url: string, some: readonly Keyed[], timeoutMs?: () => number): Promise<string[]> {
        const answers = await Promise.all(some.map((request) => world.ask(url, request, timeoutMs?.())))
        for (const [index, answer] of answers.entries()) {
          if (answer?.status !== 201) continue
          const { key } = some[index] as Keyed
          assert.equal(ids.get(key) ?? answer.body.id, answer.body.id)
          ids.set(key, answer.body.id)
        }
        return answers.map(outcomeOf)
      }

      for (let kill = 0; kill < KILLS; kill++) {
        const [victim, other] = kill % 2 === 0 ? team.services : team.services.toReversed()
        assert.ok(victim && other)
        const burst = Array.from({ length: BURST }, newRequest)
        const asking = askAll(victim.url, burst, () => (random.below(2) === 0 ? 10_000 : 1 + random.below(30)))
        await sleep(random.between(2, 60))
        const reviving = victim.killAndRevive()
        first.push(...(await asking))
        second.push(...(await askAll(other.url, burst)))
        await reviving
        requests.push(...burst)
      }
      await untilRunOut(world.store)
      const third = await askAll(team.urls[0] ?? '', requests)
      const fourth = await askAll(team.urls[1] ?? '', requests)

      const counted = (answers: readonly string[]) =>
        [...Map.groupBy(answers, (answer) => answer)].map(([answer, of]) => `${of.length} x ${answer}`).join(' + ')
      const rounds = { first: counted(first), second: counted(second), third: counted(third), fourth: counted(fourth) }
      report(test, { kills: KILLS, ...rounds })
      const busy = kind === MONGODB ? ['409', '503'] : ['409'] // where the dead hold what they have written for a while
      assert.ok(second.every((answer) => ['201', '201 again', ...busy].includes(answer)))
      assert.ok(third.every((answer) => ['201', '201 again'].includes(answer)))
      assert.deepEqual(fourth, replayed(requests))
      assert.deepEqual(new Map([...(await world.written())].toSorted()), new Map([...once(requests)].toSorted()))
      assert.deepEqual(inconsistencies(await world.store.rows()), [])
      assert.ok(first.includes('nothing'), 'everyone was answered in time')
    })
  })
}

for (const kind of [POSTGRES, MONGODB]) {
  describe(`${kind.name}: a request with a key`, { skip: kind.skip }, () => {
    for (const [cut, next, last] of [
      ['unanswered', '201 again', '201 again'],
      ['unheard', '409', '201'],
    ] as const) {
      it(`whose process is killed at its commit (${cut}) is done once`, async (test) => {
        await using world = await openKeyedWorld(kind)
        await using proxy = await startCommitProxy(world.store.choice as ProxiedChoice)
        await using victim = await startRevivable(world.settings(proxy.url))
        await using other = await startRevivable(world.settings())
        const requests = Array.from({ length: CUTS }, newRequest)
        const greeting = newRequest()
        await world.ask(victim.url, greeting)
        const answers: string[][] = [[], [], [], []]

        for (const request of requests) {
          await untilReleased(world.store)
          proxy.cutNextCommit(cut, () => process.kill(victim.current().pid ?? 0, 'SIGKILL'))
          for (const { url } of [victim, other])
            answers[url === other.url ? 1 : 0]?.push(outcomeOf(await world.ask(url, request)))
          await victim.killAndRevive()
        }
        await untilRunOut(world.store)
        for (const request of requests) {
          answers[2]?.push(outcomeOf(await world.ask(other.url, request)))
          answers[3]?.push(outcomeOf(await world.ask(victim.url, request)))
        }

        report(test, { kills: CUTS, answers: answers.map((round) => [...new Set(round)].join(' or ')).join(', then ') })
        const all = (answer: string) => requests.map(() => answer)
        assert.deepEqual(answers, [all('nothing'), all(next), all(last), replayed(requests)])
        assert.deepEqual(await world.written(), once([greeting, ...requests]))
        assert.deepEqual(inconsistencies(await world.store.rows()), [])
      })
    }

    it(`whose process was killed before its commit is done within ${FREE_MS / 1_000} s by the process that gets the retry`, async (test) => {
      await using world = await openKeyedWorld(kind)
      await using proxy = await startCommitProxy(world.store.choice as ProxiedChoice)
      await using victim = await startRevivable(world.settings(proxy.url))
      await using other = await startRevivable(world.settings())
      const [greeting, request] = [newRequest(), newRequest()]
      await world.ask(victim.url, greeting)
      proxy.cutNextCommit('unheard', () => process.kill(victim.current().pid ?? 0, 'SIGKILL'))
      assert.equal(await world.ask(victim.url, request), null)
      const killedAt = performance.now()

      const answers = new Set<string>()
      await until(
        'it is done',
        async () => answers.add(outcomeOf(await world.ask(other.url, request))).has('201'),
        2 * FREE_MS,
      )
      const took = Math.round(performance.now() - killedAt)

      report(test, { 'done after': `${took} ms` })
      assert.deepEqual([...answers], ['409', '201'])
      assert.ok(took <= FREE_MS, `${took} ms`)
      assert.deepEqual(await world.written(), once([greeting, request]))
    })
  })
}

describe('PostgreSQL: a request with a key', { skip: POSTGRES.skip }, () => {
  it('that comes to its commit only after another process took over is refused there', async (test) => {
    await using world = await openKeyedWorld(POSTGRES)
    await using wire = await startPostgresProxy(world.store.url) // on which the server does not see a process die
    await using victim = await startRevivable(world.settings(wire.url))
    await using other = await startRevivable(world.settings())
    const requests = [newRequest()]
    await world.ask(victim.url, requests[0] as Keyed)
    const answers: string[] = []

    for (let tries = 0; answers.length < CUTS && tries < 3 * CUTS; tries++) {
      const request = newRequest()
      requests.push(request)
      const lock = await lockPosts(world.store.url, 'exclusive')
      const dying = world.ask(victim.url, request)
      await until('it is in flight', async () => (await lock.waiting()) === 1)
      process.kill(victim.current().pid ?? 0, 'SIGKILL')
      await ageReservations(world.store)
      const asking = world.ask(other.url, request)
      const isRace = await inTime(async () => (await lock.waiting()) === 2)
      await lock.release()
      const [lost, found, again] = [await dying, await asking, await world.ask(other.url, request)].map(outcomeOf)
      if (isRace) answers.push(`${lost}, then ${found}, then ${again}`)
      await victim.killAndRevive()
    }

    report(test, { kills: CUTS, answers: [...new Set(answers)].join(' or ') })
    assert.deepEqual(new Set(answers), new Set(['nothing, then 201, then 201 again']))
    assert.deepEqual(await world.written(), once(requests))
    assert.deepEqual(inconsistencies(await world.store.rows()), [])
  })
})

/** No statement waits for a lock much longer than a second. */
const inTime = (holds: () => Promise<boolean>): Promise<boolean> => succeeded(until('in time', holds, 1_000))
