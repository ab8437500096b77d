import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { Client } from 'pg'
import { PRODUCT } from '../../../src/patterns/product.ts'
import { until } from '../../kit/command.ts'
import { report, size } from '../kit/plan.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { type EventEnvironment, openEventEnvironment } from './kit/event-environment.ts'
import { figureOf } from './kit/event-stats.ts'
import { restore } from './kit/event-team.ts'
import { ALL_WELL, judgeEvents } from './kit/event-verdict.ts'

const ROUNDS = size(2, 20)
/** The first that is delivered waits, and then is one transaction; those that come meanwhile are the next one. */
const COMMENTS = 3

for (const { name, skip, shared } of EVENT_BROKERS) {
  describe(`${name}: an event whose consumer is killed between the effect and the acknowledgement`, { skip }, () => {
    it('is redelivered, duplicated too, and takes no effect again', async (test) => {
      const probeName = `tap-${randomBytes(4).toString('hex')}`
      await using broker = shared([probeName])
      await using environment = await openEventEnvironment(broker.choice, probeName)
      const { team, database, probe } = environment
      const postId = await environment.ask(environment.owner, 'POST', 'posts', { text: 'to be commented on' })
      const comment = () => environment.ask(environment.commenter, 'POST', 'comments', { postId, text: 'well' })
      const handled = async () => (await database.rows()).inbox.length
      let unsaid = 0

      for (let round = 0; round < ROUNDS; round++) {
        const before = await handledOneMore(environment, comment)
        await whileNobodyCanHandle(environment, async (waiting) => {
          await Promise.all(Array.from({ length: COMMENTS }, comment))
          await until('a handler waits', async () => (await waiting()) > 0)
          await Promise.all(team.members.map(({ wires }) => wires.queue.set('blackhole')))
        })
        await until('there is an effect', async () => (await handled()) > before)
        const deaths = team.members.map((member) => member.killAndRevive())
        unsaid += (await handled()) - before
        await Promise.all(team.members.map(({ wires }) => restore(wires.queue)))
        await Promise.all(deaths)
        await environment.settled()
      }
      const comments = probe.seen.filter(({ type }) => type === 'comment.written')
      const repeatedBefore = await figureOf(team, `${PRODUCT.metrics}events_repeated_total`)
      await probe.copy(comments)
      await until('all copies were handled', async () => {
        const repeated = await figureOf(team, `${PRODUCT.metrics}events_repeated_total`)
        return repeated - repeatedBefore >= comments.length * 2
      })

      const rows = await database.rows()
      const counts = { events: rows.outbox.length, copies: comments.length * 2, notified: rows.notified.length }
      report(test, { kills: ROUNDS * 2, unsaid, ...counts })
      assert.deepEqual(judgeEvents(rows, probe.seen), ALL_WELL)
      assert.equal(rows.notified.length, ROUNDS * (COMMENTS + 1))
      assert.deepEqual(await probe.deadLetters(), [])
    })
  })
}

/** Waits until what came again from the last round is done: only then is anything new. Returns how many were handled. */
async function handledOneMore({ database }: EventEnvironment, comment: () => Promise<string>): Promise<number> {
  const id = await comment()
  await until('a comment is handled', async () => (await database.rows()).notified.includes(id), 30_000)
  return (await database.rows()).inbox.length
}

/** Holds up the effects of what was not handled before, and counts the transactions that wait. */
async function whileNobodyCanHandle(
  { url, database }: EventEnvironment,
  work: (waiting: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const WAITING = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
    and query like '%insert into notifications%' and pid <> pg_backend_pid()`
  const holding = new Client({ connectionString: url })
  await holding.connect()
  try {
    await holding.query('begin; lock table notifications in exclusive mode')
    await work(async () => (await database.query(WAITING)).length)
    await holding.query('commit')
  } finally {
    await holding.end()
  }
}
