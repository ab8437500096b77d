import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { NODE_FLAGS } from '../tests/kit/node-flags.ts'
import type { Candidate } from './candidates.ts'
import type { Engines } from './engine.ts'
import type { Options } from './options.ts'
import { loadPostgres } from './postgres-database.ts'
import { table } from './report/markdown.ts'
import { median } from './report/statistics.ts'

type Found = Readonly<{ perSecond: number; cpuMicroseconds: number; databaseMicroseconds: number }>
type Sample = Found & Readonly<{ queue: string; pending: number }>

/** The core of the relay alone; PostgreSQL and the queue run where the kernel puts them. */
const CORE = '0'
const PENDING = [50_000, 1_000_000]
const TARGET = { perSecond: 8_000, kept: 0.9 }

/** Events like those of posts of 200 characters, with ids that grow with time, as those of the service do. */
const fillWith = (count: number) => `
  insert into outbox (id, type, subject, version, time, data)
  select (lpad(to_hex((extract(epoch from time) * 1000)::bigint), 12, '0') || '7' || right(subject::text, 3)
    || '8' || right(replace(subject::text, '-', ''), 15))::uuid, 'post.written', subject, 1, time, json_build_object(
    'id', subject, 'ownerId', subject, 'text', repeat('well ', 40), 'version', 1, 'createdAt', time, 'updatedAt', time)
  from (select gen_random_uuid() as subject, now() - interval '1 h' + number * interval '1 ms' as time
    from generate_series(1, ${count}) as number) as posts`

/** How many events one relay publishes in a second, and what a long outbox does to that. */
export async function measureRelay(urls: Engines['urls'], candidates: readonly Candidate[], { rounds }: Options) {
  await using building = new AsyncDisposableStack()
  const database = building.adopt(await loadPostgres(urls['postgres'] ?? '', 1), (open) => open.close())
  const client = building.adopt(new Client({ connectionString: database.url }), (open) => open.end())
  await client.connect()
  const queues = candidates.flatMap(({ queue }) => queue ?? [])

  const samples: Sample[] = []
  for (let round = 0; round <= rounds; round++) {
    for (const pending of round % 2 === 0 ? PENDING : PENDING.toReversed()) {
      for (const queue of queues) {
        for (const statement of ['truncate outbox', fillWith(pending), 'vacuum (analyze) outbox', 'checkpoint'])
          await client.query(statement)
        const found = await relayOnce(database.url, queue, urls[queue] ?? '')
        console.log(`round ${round}: ${queue}, ${pending} pending: ${found.perSecond.toFixed(0)} a second`)
        if (round > 0) samples.push({ queue, pending, ...found })
      }
    }
  }
  print(queues, samples)
}

async function relayOnce(databaseUrl: string, kind: string, url: string): Promise<Found> {
  const variables = {
    DATABASE_URL: databaseUrl,
    QUEUE: JSON.stringify({ kind, url }),
    NAME_PREFIX: `bench-${randomBytes(4).toString('hex')}`,
  }
  const command = ['-c', CORE, process.execPath, ...NODE_FLAGS, 'bench/relay-process.ts']
  const { stdout } = await promisify(execFile)('taskset', command, { env: { ...process.env, ...variables } })
  return JSON.parse(stdout)
}

function print(queues: readonly string[], samples: readonly Sample[]): void {
  const [short = 0] = PENDING
  const lines = queues.flatMap((queue) => {
    const middle = (pending: number, of: (sample: Sample) => number): number =>
      median(samples.filter((one) => one.queue === queue && one.pending === pending).map(of))
    const rate = (pending: number) => middle(pending, ({ perSecond }) => perSecond)
    const cpu = (pending: number) => middle(pending, (one) => one.cpuMicroseconds + one.databaseMicroseconds)
    return PENDING.map((pending) => [
      `${queue}, ${pending.toLocaleString('en')} pending`,
      rate(pending).toFixed(0),
      middle(pending, ({ cpuMicroseconds }) => cpuMicroseconds).toFixed(0),
      middle(pending, ({ databaseMicroseconds }) => databaseMicroseconds).toFixed(0),
      (rate(pending) / rate(short)).toFixed(2),
      (cpu(short) / cpu(pending)).toFixed(2),
      rate(pending) >= TARGET.perSecond && rate(pending) / rate(short) >= TARGET.kept ? 'met' : '**missed**',
    ])
  })
  const headers = [
    'outbox',
    'events/s',
    'CPU µs: relay',
    'CPU µs: database',
    '× short, measured',
    '× short, by CPU',
    'target',
  ]
  console.log(`# Relay

Medians of rounds; one relay on a core of its own, without requests and consumers. CPU is that of one event; by CPU: what the
throughput would be if nothing else slowed either down. The target is ${TARGET.perSecond} a second, and ${TARGET.kept} of the short outbox.

${table(headers, lines)}`)
}
