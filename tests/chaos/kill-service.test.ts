import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { assertReadable } from './kit/assert-readable.ts'
import { judge } from './kit/check-history.ts'
import { people } from './kit/people.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { settingsFor, startTeam } from './kit/revivable.ts'
import { ALL_SHARED_STORES, MONGODB } from './kit/stores.ts'
import { startWorkload } from './kit/workload.ts'

const KILLS = size(20, 200)
const AUTHORS = 16

for (const kind of ALL_SHARED_STORES) {
  const { name, skip, open } = kind
  const least = kind === MONGODB ? size(100, 2_500) : size(400, 10_000) // where each kill holds up some authors for 4 s
  describe(`${name}: processes of the service that are killed under load`, { skip }, () => {
    it('lose nothing that was acknowledged, and keep nothing that was refused', async (test) => {
      await using store = await open()
      await using issuer = await startTestIssuer()
      await using team = await startTeam(settingsFor(issuer, store.url))
      const authors = await people(issuer, AUTHORS)
      const random = randomFor(`kills on ${name}`)
      await using workload = startWorkload(team.urls, authors)

      const kills = team.services.map(async (service) => {
        for (let kill = 0; kill < KILLS / team.services.length; kill++) {
          await sleep(random.between(100, 1_000))
          await service.killAndRevive()
        }
      })
      await Promise.all(kills)
      await workload.stop()

      const rows = await store.rows()
      const { lost, phantom, inconsistent, ...counts } = judge(workload.history, rows)
      const stats = { lost: lost.length, phantom: phantom.length, inconsistent: inconsistent.length }
      report(test, { kills: KILLS, ...counts, ...stats, posts: rows.kept.length, events: rows.outbox.length })
      assert.deepEqual({ lost, phantom, inconsistent }, { lost: [], phantom: [], inconsistent: [] })
      assert.deepEqual(
        workload.history.filter(({ answer }) => answer === 500),
        [],
      )
      assert.ok(counts.acknowledged >= least, `only ${counts.acknowledged} were acknowledged`)
      await assertReadable(team.urls, authors, rows)
    })
  })
}
