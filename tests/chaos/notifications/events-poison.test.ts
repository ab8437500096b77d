import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from '../../../src/domains/ports/message-queue.ts'
import { PRODUCT } from '../../../src/patterns/product.ts'
import { until } from '../../kit/command.ts'
import { succeeded } from '../../kit/succeeded.ts'
import { report, size } from '../kit/plan.ts'
import { EVENT_BROKERS } from './kit/event-brokers.ts'
import { openEventEnvironment } from './kit/event-environment.ts'
import { altered, commentWritten, deadLetterReasons } from './kit/event-messages.ts'
import { figureOf } from './kit/event-stats.ts'

const MESSAGES = size(500, 10_000)
const BATCH = 100

/** A comment that the database never takes. */
const REFUSED = randomUUID()
const REFUSE = `create function refuse() returns trigger as $$ begin raise 'out of order'; end $$ language plpgsql;
  create trigger refusal before insert on notifications for each row when (new.comment_id = '${REFUSED}')
    execute function refuse()`

const padded = (bytes: number) => (good: Message) => ({ ...good, body: good.body.padEnd(bytes) })

/** How a good message is spoilt, and why it is then set aside. */
const POISONS: Readonly<Record<string, (good: Message) => Message>> = {
  'undecodable: not JSON': (good) => ({ ...good, body: 'not JSON at all' }),
  'undecodable: more than 262144 bytes': padded(900_000),
  'undecodable: dataschemaversion': (good) => altered(good, { dataschemaversion: '2.0' }),
  'undecodable: specversion': (good) => altered(good, { specversion: '2.0' }),
  'undecodable: id': (good) => altered(good, { id: 7 }),
}

for (const { name, skip, shared } of EVENT_BROKERS) {
  describe(`${name}: messages that no consumer can handle`, { skip }, () => {
    it('are dead-lettered with the reason, and do not hold up the others', async (test) => {
      const probeName = `tap-${randomBytes(4).toString('hex')}`
      await using broker = shared([probeName])
      await using environment = await openEventEnvironment(broker.choice, probeName)
      const { team, database, probe } = environment
      const postId = await environment.ask(environment.owner, 'POST', 'posts', { text: 'to be commented on' })
      const aMessage = (commentId = randomUUID()) => commentWritten(postId, environment.commenter.id, commentId)
      const handled = async () => (await database.rows()).notified.length
      await database.query(REFUSE)

      const good = Array.from({ length: MESSAGES }, () => aMessage())
      const poisons = Object.values(POISONS).map((spoil) => spoil(aMessage()))
      const refused = aMessage(REFUSED)
      const behind = [{ ...aMessage(), key: REFUSED }, altered(aMessage(), { type: 'comment.liked' })]
      const start = performance.now()
      await probe.queue.publish([...poisons, refused, ...behind])
      for (let sent = 0; sent < MESSAGES; sent += BATCH) {
        await probe.queue.publish([...poisonsAgain(poisons), ...good.slice(sent, sent + BATCH)])
      }
      const isHugeTaken = await succeeded(probe.queue.publish([padded(10_000_000)(aMessage())]))
      await until('all good ones are applied', async () => (await handled()) >= MESSAGES + 1, 60_000)
      const seconds = (performance.now() - start) / 1000
      const expected = reasonsOf(1 + Math.ceil(MESSAGES / BATCH), isHugeTaken)
      const deadLetters = async () => (await probe.queue.deadLetters())['notifications'] ?? 0
      await until('all poison is set aside', async () => (await deadLetters()) >= expected.length, 30_000)

      const { notified } = await database.rows()
      const [reasons, redelivered] = [await deadLetterReasons(broker.choice), await redeliveredOf()]
      const stats = { seconds: seconds.toFixed(1), deadLetters: reasons.length, redelivered, isHugeTaken }
      report(test, { messages: MESSAGES, notified: notified.length, ...stats })
      assert.deepEqual(
        reasons.map((reason) => reason.replace(/, at last.*/, '')),
        expected,
      )
      assert.deepEqual(notified.toSorted(), [...good, ...behind.slice(0, 1)].map(commentOf).toSorted())
      await sleep(1_000)
      assert.equal(await redeliveredOf(), redelivered, 'something comes again and again')
      for (const { isRunning, current } of team.members) assert.ok(await isRunning(), current().logs())

      function redeliveredOf(): Promise<number> {
        return figureOf(team, `${PRODUCT.metrics}events_redelivered_total`)
      }
    })
  })
}

/** The same, as other messages. */
const poisonsAgain = (poisons: readonly Message[]) => poisons.map((poison) => ({ ...poison, id: randomUUID() }))

const commentOf = ({ body }: Message): string => JSON.parse(body).subject

function reasonsOf(times: number, isHugeTaken: boolean): readonly string[] {
  const often = Array.from({ length: times }, () => Object.keys(POISONS)).flat()
  const huge = isHugeTaken ? ['undecodable: more than 262144 bytes'] : []
  return [...often, ...huge, 'failed 5 times'].toSorted()
}
