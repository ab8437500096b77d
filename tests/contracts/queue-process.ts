/**
 * A process that consumes until it is killed: writes `attempt text` for every handler that it starts, and kills itself
 * at the message `deadly`. `node queue-process.ts '{"choice":{…},"namespace":"…","consumer":{…},"pauseMs":0}'`
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openMessageQueue } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { DAY_MS, textOf } from './queue-world.ts'

const { choice, namespace, consumer, pauseMs } = JSON.parse(process.argv[2] ?? '')
const common = { retentionMs: DAY_MS, minBackoffMs: 100, onError: () => {} }
const queue = await openMessageQueue(choice, { ...common, namespace, consumers: [] })

await queue.consume(consumer, async (delivery) => {
  const text = textOf(delivery)
  writeSync(1, `${delivery.attempt} ${text}\n`)
  if (text === 'deadly') process.kill(process.pid, 'SIGKILL')
  await sleep(pauseMs)
})
