import type { Row, StartRow } from './summary.ts'

/** A target of this service, and the value that a run measured. */
export type Target = Readonly<{ name: string; wanted: string; measured: number; isMet: boolean }>

const [PAGES, WRITES] = [
  ['first page', 'deep page'],
  ['write a post', 'rewrite a post', 'write a comment'],
]
const LIMITS = [
  { candidate: 'ours', readySeconds: 0.7 },
  { candidate: 'ours on SQLite', readySeconds: 2 },
]
const [IDLE_MB, LOADED_MB, DEEP, READ_P99] = [120, 260, 1.2, 1.3]
const [QUEUES, PUBLISHING] = [['ours + NATS', 'ours + RabbitMQ', 'ours + Kafka'], 0.85]

/** The targets that this run could check; a run may leave out candidates and scenarios. */
export function targetsOf(rows: readonly Row[], starts: readonly StartRow[]): readonly Target[] {
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))]
  const ratios = [
    ...['read a post', ...PAGES].map((scenario) => ratio(rows, scenario, 'limit', 0.75)),
    ...WRITES.map((scenario) => ratio(rows, scenario, 'limit', 0.9)),
    ratio(rows, 'read a post', 'bare', 1.3),
    ...WRITES.map((scenario) => ratio(rows, scenario, 'fastify-drizzle', 1.5)),
    ...PAGES.map((scenario) => ratio(rows, scenario, 'go-chi', 1)),
    ...['nest-typeorm', 'nest-prisma'].flatMap((peer) => scenarios.map((scenario) => ratio(rows, scenario, peer, 3))),
  ]
  const ofItself = [deepPage(rows), readLatency(rows), ...QUEUES.flatMap((queue) => publishing(rows, queue))]
  return [...ratios, ...ofItself, ...LIMITS.flatMap((limit) => start(starts, limit))].filter(
    ({ measured }) => !Number.isNaN(measured),
  )
}

/** The throughput of this service as a minimum multiple of that of a peer. */
function ratio(rows: readonly Row[], scenario: string, peer: string, least: number): Target {
  return atLeast(`${scenario}: ours / ${peer}`, least, 1 / (find(rows, scenario, peer)?.toOurs ?? Number.NaN))
}

/** What is left of the throughput when the same process also publishes and consumes its events. */
const publishing = (rows: readonly Row[], queue: string): readonly Target[] =>
  ['write a post', 'write a comment', 'mixture'].map((scenario) =>
    atLeast(`${scenario}: ${queue} / ours`, PUBLISHING, find(rows, scenario, queue)?.toOurs ?? Number.NaN),
  )

function readLatency(rows: readonly Row[]): Target {
  const [ours, limit] = ['ours', 'limit'].map((name) => find(rows, 'read a post', name)?.p99 ?? Number.NaN)
  return atMost('read a post: p99 of ours / limit', READ_P99, Number(ours) / Number(limit))
}

const find = (rows: readonly Row[], scenario: string, candidate: string): Row | undefined =>
  rows.find((row) => row.scenario === scenario && row.candidate === candidate)

function deepPage(rows: readonly Row[]): Target {
  const [first, deep] = PAGES.map((page) => find(rows, page, 'ours')?.perSecond)
  return atMost('deep page / first page, in time', DEEP, (first ?? Number.NaN) / (deep ?? Number.NaN))
}

function start(starts: readonly StartRow[], { candidate, readySeconds }: (typeof LIMITS)[number]): readonly Target[] {
  const found = starts.find((one) => one.candidate === candidate)
  return [
    atMost(`${candidate}: ready, s`, readySeconds, (found?.readyMilliseconds ?? Number.NaN) / 1000),
    atMost(`${candidate}: idle, MB`, IDLE_MB, found?.idle ?? Number.NaN),
    atMost(`${candidate}: under load, MB`, LOADED_MB, found?.underLoad ?? Number.NaN),
  ]
}

const atLeast = (name: string, bound: number, measured: number): Target => ({
  name,
  wanted: `≥ ${bound}`,
  measured,
  isMet: measured >= bound,
})

const atMost = (name: string, bound: number, measured: number): Target => ({
  name,
  wanted: `≤ ${bound}`,
  measured,
  isMet: measured <= bound,
})
