import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PRODUCT } from '../../../src/patterns/product.ts'
import { freshDirectory, runCommand } from '../../kit/command.ts'
import { freshDatabase } from '../../kit/fresh-database.ts'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { report, size } from '../kit/plan.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { openEventDatabase } from './kit/event-rows.ts'
import { figureOf } from './kit/event-stats.ts'
import { startEventTeam } from './kit/event-team.ts'

const [FEW, MANY] = [size(10_000, 50_000), size(30_000, 1_000_000)]
const MAX_MS = 60_000
const LEAST_A_SECOND = size(500, 3_000)

const fillWith = (count: number) => `
  insert into outbox (type, subject, version, time, data)
  select 'post.written', id, 1, now() - interval '1 h' + number * interval '1 ms', json_build_object(
    'id', id, 'ownerId', id, 'text', repeat('well ', 40), 'version', 1, 'createdAt', now(), 'updatedAt', now())
  from (select gen_random_uuid() as id, number from generate_series(1, ${count}) as number) as posts`

for (const { name, skip, shared } of EVENT_BROKERS) {
  describe(`${name}: a process that finds an outbox full of events`, { skip }, () => {
    it('publishes thousands a second, however many there are', async (test) => {
      await using broker = shared([])

      const [few, many] = [await rateOf(FEW, broker.choice.url), await rateOf(MANY, broker.choice.url)]

      report(test, { [FEW]: `${few} a second`, [MANY]: `${many} a second` })
      assert.ok(few >= LEAST_A_SECOND && many >= LEAST_A_SECOND, `${few}, ${many} a second`)
    })
  })
}

/** How many events a process publishes in a second, its own consumer included, until all are done or time is up. */
async function rateOf(count: number, queueUrl: string): Promise<number> {
  await using stack = new AsyncDisposableStack()
  const { url, drop } = await freshDatabase()
  stack.defer(drop)
  await using place = await freshDirectory()
  await runCommand(['migrate'], { ...place, env: { DATABASE_URL: url } })
  await using database = await openEventDatabase(url)
  await database.query(fillWith(count))
  await database.query('analyze outbox')
  await using issuer = await startTestIssuer()
  await using team = await startEventTeam(issuer, url, queueUrl, 1)

  const [start, before] = [performance.now(), await published(team)]
  const elapsed = () => performance.now() - start
  while ((await published(team)) < count && elapsed() < MAX_MS) await sleep(100)
  return Math.round((((await published(team)) - before) / elapsed()) * 1_000)
}

const published = (team: Parameters<typeof figureOf>[0]) => figureOf(team, `${PRODUCT.metrics}events_published_total`)
