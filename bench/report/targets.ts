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
const [IDLE_MB, LOADED_MB, DEEP] = [120, 200, 1.2]

/** The targets that this run could check; a run may leave out candidates and scenarios. */
export function targetsOf(rows: readonly Row[], starts: readonly StartRow[]): readonly Target[] {
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))]
  const ratios = [
    ...['read a post', ...PAGES, ...WRITES].map((scenario) => ratio(rows, scenario, 'limit', 0.75)),
    ratio(rows, 'read a post', 'bare', 1.3),
    ...WRITES.map((scenario) => ratio(rows, scenario, 'fastify-drizzle', 1.5)),
    ...['nest-typeorm', 'nest-prisma'].flatMap((peer) => scenarios.map((scenario) => ratio(rows, scenario, peer, 3))),
  ]
  return [...ratios, deepPage(rows), ...LIMITS.flatMap((limit) => start(starts, limit))].filter(
    ({ measured }) => !Number.isNaN(measured),
  )
}

/** The throughput of this service as a minimum multiple of that of a peer. */
function ratio(rows: readonly Row[], scenario: string, peer: string, least: number): Target {
  const row = rows.find((one) => one.scenario === scenario && one.candidate === peer)
  return atLeast(`${scenario}: ours / ${peer}`, least, 1 / (row?.toOurs ?? Number.NaN))
}

function deepPage(rows: readonly Row[]): Target {
  const [first, deep] = PAGES.map(
    (page) => rows.find(({ scenario, candidate }) => scenario === page && candidate === 'ours')?.perSecond,
  )
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
