import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { freshDirectory, runCommand, until } from '../kit/command.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { figureOf } from './kit/event-figures.ts'
import { type EventStage, openEventStage } from './kit/event-stage.ts'
import { openTap } from './kit/event-tap.ts'
import { ALL_WELL, judgeEvents } from './kit/event-verdict.ts'
import { report, size } from './kit/plan.ts'

const POSTS = size(25, 500)

for (const { name, skipOwn: skip, own } of EVENT_BROKERS) {
  describe(`${name}: events that are published again`, { skip }, () => {
    it('come once more, and change nothing, also after the queue has lost everything', async (test) => {
      await using server = await own()
      await using stage = await openEventStage(server.choice, 'tap')
      const { database, tap, team } = stage
      await stage.write(POSTS)
      await stage.settled()
      const first = await database.rows()

      await replay(stage)
      await until('all came again', () => tap.seen.length >= first.outbox.length * 2, 30_000)
      await handledAgain(stage, 1)

      await server.kill()
      await server.wipe()
      await server.start()
      await using fresh = await openTap(server.choice, 'fresh')
      await until('the service consumes', async () => isUp(stage), 30_000)
      await replay(stage)
      await until('all came to the newcomer', () => fresh.has(first.outbox.map(({ id }) => id)), 30_000)
      await handledAgain(stage, 2)

      const rows = await database.rows()
      const repeated = await figureOf(team, `${PRODUCT.metrics}events_repeated_total`)
      const counts = { events: rows.outbox.length, seen: tap.seen.length, afterwards: fresh.seen.length }
      report(test, { ...counts, repeated, notified: rows.notified.length })
      assert.deepEqual(judgeEvents(rows, fresh.seen), ALL_WELL)
      assert.deepEqual(judgeEvents(rows, tap.seen), ALL_WELL)
      assert.deepEqual(rows.notified.toSorted(), first.notified.toSorted())
    })
  })
}

/** As `npm run outbox:replay` does. */
async function replay({ url, database }: EventStage): Promise<void> {
  const [start] = await database.query<{ time: Date }>('select min(time) as time from outbox')
  await using place = await freshDirectory()
  const env = { DATABASE_URL: url, LOG_FORMAT: 'ecs' }
  const since = start?.time.toISOString() ?? ''
  const { code, stderr } = await runCommand(['replay', '--since', since], { ...place, env })
  assert.equal(code, 0, stderr)
}

/** Each comment was handled so often again. */
const handledAgain = ({ team }: EventStage, times: number): Promise<void> =>
  until(
    'all was handled again',
    async () => (await figureOf(team, `${PRODUCT.metrics}events_repeated_total`)) >= POSTS * times,
    30_000,
  )

async function isUp({ team }: EventStage): Promise<boolean> {
  const answers = team.members.map(async ({ healthUrl }) => {
    const answer = await fetch(`${healthUrl}/health-check`)
    return (await answer.json()) as { status: string }
  })
  return (await Promise.all(answers)).every(({ status }) => status === 'up')
}
