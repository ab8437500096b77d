import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../kit/check-history.ts'
import { people } from '../kit/people.ts'
import { randomFor, report, size } from '../kit/plan.ts'
import { postgresRows } from '../kit/rows.ts'
import { startWorkload } from '../kit/workload.ts'
import { EVENT_BROKERS, EVENT_CLUSTERS } from './kit/event-brokers.ts'
import { openEventEnvironment } from './kit/event-environment.ts'
import { troubleAll } from './kit/event-faults.ts'
import { ALL_WELL, judgeEvents } from './kit/event-verdict.ts'
import type { PublishProbe } from './kit/publish-probe.ts'

const PLAN = { kills: size(6, 50), brokerKills: size(1, 10), cuts: size(3, 10) }
const CLUSTER_PLAN = { kills: size(2, 20), brokerKills: size(3, 15), cuts: 0 }
const AUTHORS = 20

const TRIED = [
  ...EVENT_BROKERS.map((broker) => ({ ...broker, plan: PLAN })),
  ...EVENT_CLUSTERS.map((cluster) => ({ ...cluster, plan: CLUSTER_PLAN })),
]

for (const { name, skipOwn: skip, own, plan } of TRIED) {
  describe(`${name}: events under load, while processes and the queue are killed and wires are cut`, { skip }, () => {
    it('all arrive, in order, none is invented, and each takes effect once', async (test) => {
      await using server = await own()
      await using environment = await openEventEnvironment(server.choice, 'tap')
      const { url, issuer, team, database, probe } = environment
      await sleep(server.settledMs)
      const random = randomFor(`events on ${name}`)
      await using workload = startWorkload(team.urls, await people(issuer, AUTHORS))
      const copier = startCopier(probe, randomFor('copies'))

      const start = performance.now()
      await troubleAll(team, server, plan, random)
      const seconds = (performance.now() - start) / 1000
      await workload.stop()
      const copies = await copier.stop()
      const healed = performance.now()
      await environment.settled()
      const recovery = performance.now() - healed

      const rows = await database.rows()
      const { lost, phantom, inconsistent, acknowledged } = judge(workload.history, await postgresRows(url))
      const verdict = judgeEvents(rows, probe.seen)
      const rate = `${Math.round(acknowledged / seconds)} a second`
      const counts = { writes: acknowledged, rate, events: rows.outbox.length, seen: probe.seen.length, copies }
      report(test, { ...plan, ...counts, notified: rows.notified.length, recovery: `${Math.round(recovery)} ms` })
      assert.deepEqual({ lost, phantom, inconsistent }, { lost: [], phantom: [], inconsistent: [] })
      assert.deepEqual(verdict, ALL_WELL)
      assert.ok(acknowledged >= size(100, 1_000), `only ${acknowledged} writes`)
      assert.deepEqual(await probe.deadLetters(), [])
    })
  })
}

/** Somebody who publishes again what was published before, now and then. */
function startCopier(probe: PublishProbe, random: ReturnType<typeof randomFor>) {
  let isOver = false
  let copies = 0

  async function copy(): Promise<void> {
    for (; !isOver; await sleep(random.between(20, 100))) {
      const chosen = Array.from({ length: 3 }, () => random.pick(probe.seen) ?? [])
      const done = await probe.copy(chosen.flat()).then(
        () => chosen.flat().length * 2,
        () => 0,
      )
      copies += done
    }
  }

  const copying = copy()
  return {
    async stop(): Promise<number> {
      isOver = true
      await copying
      return copies
    },
  }
}
