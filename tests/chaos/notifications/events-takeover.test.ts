import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../kit/command.ts'
import { report, size } from '../kit/plan.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { openEventEnvironment } from './kit/event-environment.ts'
import { type Member, restore } from './kit/event-team.ts'
import { ALL_WELL, judgeEvents } from './kit/event-verdict.ts'

const DEATHS = size(1, 20)
const SLEEPS = size(1, 5)
const POSTS = 12

/** On the way to the queue, so that a process can be caught between claiming and confirming. */
const SLOW_MS = 250
/** The word of a process that was paused reaches the database long after its claim has lapsed. */
const LATE_MS = 10_500

for (const { name, skip, shared } of EVENT_BROKERS) {
  describe(`${name}: what a process has claimed to publish`, { skip }, () => {
    it('is published by another within 15 s, when it is killed', async (test) => {
      const probeName = `tap-${randomBytes(4).toString('hex')}`
      await using broker = shared([probeName])
      await using environment = await openEventEnvironment(broker.choice, probeName)
      const { team, database, probe, write } = environment
      const recoveries: number[] = []

      for (let death = 0; death < DEATHS; death++) {
        const holder = team.members[death % 2] as Member
        await holder.wires.queue.set({ delayMs: SLOW_MS })
        await environment.letClaim(holder, () => write(POSTS))
        const killedAt = performance.now()
        const before = probe.seen.length
        const reviving = holder.killAndRevive()
        await restore(holder.wires.queue)
        await until('the first is published', () => probe.seen.length > before, 30_000)
        recoveries.push((probe.seen[before]?.at ?? 0) - killedAt)
        await reviving
        await environment.settled()
      }

      const slowest = Math.round(Math.max(...recoveries))
      const rows = await database.rows()
      report(test, { deaths: DEATHS, events: rows.outbox.length, seen: probe.seen.length, slowest: `${slowest} ms` })
      assert.deepEqual(judgeEvents(rows, probe.seen), ALL_WELL)
      assert.ok(slowest <= 15_000, `${slowest} ms`)
    })

    it('is left alone by it, when it sleeps until another has taken over', async (test) => {
      const probeName = `tap-${randomBytes(4).toString('hex')}`
      await using broker = shared([probeName])
      await using environment = await openEventEnvironment(broker.choice, probeName)
      const { team, database, probe, write } = environment
      const marked: number[] = []

      for (let asleep = 0; asleep < SLEEPS; asleep++) {
        const [sleeper, other] = asleep % 2 === 0 ? team.members : team.members.toReversed()
        assert.ok(sleeper && other)
        await environment.letClaim(sleeper, async () => {
          await write(POSTS)
          await sleeper.wires.queue.set({ delayMs: SLOW_MS })
          await other.wires.queue.set('blackhole')
        })
        const { token } = await database.lease()
        const pending = await database.pending()
        await sleeper.wires.database.set({ delayMs: LATE_MS })
        const { outbox } = await database.rows()
        await until('the first has published', () => probe.has(outbox.map(({ id }) => id)), 30_000)
        await sleep(SLOW_MS * 2)
        sleeper.pause()

        await until('another holds the claim', async () => (await database.lease()).token !== token, 15_000)
        await until('the late word has come', () => hasConfirmed(), LATE_MS * 2)
        marked.push(pending - (await database.pending()))
        await restore(other.wires.queue)
        await until('the other has published', async () => (await database.pending()) === 0, 30_000)
        sleeper.resume()
        await restore(sleeper.wires.database)
        await restore(sleeper.wires.queue)
        await environment.settled()
      }

      await write(POSTS)
      await environment.settled()
      const rows = await database.rows()
      const wronglyMarked = marked.reduce((sum, count) => sum + count, 0)
      report(test, { sleeps: SLEEPS, events: rows.outbox.length, seen: probe.seen.length, wronglyMarked })
      assert.deepEqual(judgeEvents(rows, probe.seen), ALL_WELL)
      assert.equal(wronglyMarked, 0)

      /** Whether a confirmation was the last word of somebody: those who cannot reach the queue have none. */
      async function hasConfirmed(): Promise<boolean> {
        const IS_CONFIRMING = `select 1 from pg_stat_activity where datname = current_database()
          and query like 'update outbox_lease set until = ''-infinity''%' and query_start > clock_timestamp() - interval '5 s'`
        return (await database.query(IS_CONFIRMING)).length > 0
      }
    })
  })
}
