import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../../src/patterns/product.ts'
import { freshDirectory, runCommand, until } from '../../kit/command.ts'
import { report, size } from '../kit/plan.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { type EventEnvironment, openEventEnvironment } from './kit/event-environment.ts'
import { figureOf } from './kit/event-stats.ts'
import { ALL_WELL, judgeEvents } from './kit/event-verdict.ts'
import { createPublishProbe } from './kit/publish-probe.ts'

const POSTS = size(25, 500)

for (const { name, skipOwn: skip, own } of EVENT_BROKERS) {
  describe(`${name}: events that are published again`, { skip }, () => {
    it('come once more, and change nothing, also after the queue has lost everything', async (test) => {
      await using server = await own()
      await using environment = await openEventEnvironment(server.choice, 'tap')
      const { database, probe, team } = environment
      await environment.write(POSTS)
      await environment.settled()
      const first = await database.rows()

      await replay(environment)
      await until('all came again', () => probe.seen.length >= first.outbox.length * 2, 30_000)
      await handledAgain(environment, 1)

      await server.kill()
      await server.wipe()
      await server.start()
      await using fresh = await createPublishProbe(server.choice, 'fresh')
      await until('the service consumes', async () => isUp(environment), 30_000)
      await replay(environment)
      await until('all came to the newcomer', () => fresh.has(first.outbox.map(({ id }) => id)), 30_000)
      await handledAgain(environment, 2)

      const rows = await database.rows()
      const repeated = await figureOf(team, `${PRODUCT.metrics}events_repeated_total`)
      const counts = { events: rows.outbox.length, seen: probe.seen.length, afterwards: fresh.seen.length }
      report(test, { ...counts, repeated, notified: rows.notified.length })
      assert.deepEqual(judgeEvents(rows, fresh.seen), ALL_WELL)
      assert.deepEqual(judgeEvents(rows, probe.seen), ALL_WELL)
      assert.deepEqual(rows.notified.toSorted(), first.notified.toSorted())
    })
  })
}

/** As `npm run outbox:replay` does. */
async function replay({ url, database }: EventEnvironment): Promise<void> {
  const [start] = await database.query<{ time: Date }>('select min(time) as time from outbox')
  await using place = await freshDirectory()
  const env = { DATABASE_URL: url, LOG_FORMAT: 'ecs' }
  const since = start?.time.toISOString() ?? ''
  const { code, stderr } = await runCommand(['replay', '--since', since], { ...place, env })
  assert.equal(code, 0, stderr)
}

/** Each comment was handled so often again. */
const handledAgain = ({ team }: EventEnvironment, times: number): Promise<void> =>
  until(
    'all was handled again',
    async () => (await figureOf(team, `${PRODUCT.metrics}events_repeated_total`)) >= POSTS * times,
    30_000,
  )

async function isUp({ team }: EventEnvironment): Promise<boolean> {
  const answers = team.members.map(async ({ healthUrl }) => {
    const answer = await fetch(`${healthUrl}/health-check`)
    return (await answer.json()) as { status: string }
  })
  return (await Promise.all(answers)).every(({ status }) => status === 'up')
}
