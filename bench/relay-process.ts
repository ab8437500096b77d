/** One relay and nothing else, on the outbox of DATABASE_URL and the queue of QUEUE: prints what it did, once that is enough. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openMessageQueue, type QueueChoice } from '../src/infrastructures/message-queue/open-message-queue.ts'
import { startEventRelay } from '../src/infrastructures/message-queue/relay-events.ts'
import { FORUM } from '../src/infrastructures/store/aggregates/forum.ts'
import { openStore } from '../src/infrastructures/store/open-store.ts'
import { sleep as cancellableSleep } from '../src/main/sleep.ts'
import { databaseProcess } from './database-process.ts'
import { familyCpuSeconds } from './process-usage.ts'

const WARM_UP = 10_000
const MEASURED = 30_000
const POLL_MS = 5
const HOUR_MS = 3_600_000

const { DATABASE_URL = '', QUEUE = '', NAME_PREFIX = '' } = process.env

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}

const database = await databaseProcess(DATABASE_URL)
const store = await openStore(
  { kind: 'postgres', url: DATABASE_URL },
  { aggregates: FORUM.aggregates, migrates: false, poolSize: 10, onIdleError: fail },
)
const queue = await openMessageQueue(JSON.parse(QUEUE) as QueueChoice, {
  namespace: NAME_PREFIX,
  consumers: ['reader'],
  retentionMs: HOUR_MS,
  onError: fail,
})
const relay = startEventRelay({
  outbox: store.outbox,
  queue,
  onFailure: fail,
  sleep: cancellableSleep,
  random: Math.random,
})

async function published(count: number) {
  while (relay.stats.published < count) await sleep(POLL_MS)
  const { user, system } = process.cpuUsage()
  const databaseCpu = familyCpuSeconds(database) * 1e6
  return { at: performance.now(), count: relay.stats.published, cpu: user + system, databaseCpu }
}

const start = await published(WARM_UP)
const end = await published(WARM_UP + MEASURED)
const events = end.count - start.count
const found = {
  perSecond: (events / (end.at - start.at)) * 1000,
  cpuMicroseconds: (end.cpu - start.cpu) / events,
  databaseMicroseconds: (end.databaseCpu - start.databaseCpu) / events,
}
process.stdout.write(JSON.stringify(found), () => process.exit(0))
