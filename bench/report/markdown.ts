import type { Row, StartRow } from './summary.ts'
import type { Target } from './targets.ts'

const HEADERS = [
  'candidate',
  'requests/s',
  'spread',
  'p50 ms',
  'p99 ms',
  'CPU µs/request',
  'peak MB',
  '× limit',
  '× ours',
]

/** One table per scenario, and one of starts and memory. */
export function markdownOf(
  about: readonly string[],
  rows: readonly Row[],
  starts: readonly StartRow[],
  targets: readonly Target[],
): string {
  const scenarios = Map.groupBy(rows, ({ scenario }) => scenario)
  const tables = [...scenarios].map(([scenario, ofScenario]) => `## ${scenario}\n\n${scenarioTable(ofScenario)}`)
  return `${[`# Benchmark`, about.join('  \n'), ...tables, `## Start and memory\n\n${startTable(starts)}`, `## Targets\n\n${targetTable(targets)}`].join('\n\n')}\n`
}

const scenarioTable = (rows: readonly Row[]): string =>
  table(
    HEADERS,
    rows.map((row) => [
      nameOf(row.candidate) + (row.failures === 0 ? '' : `, **${row.failures} failures**`),
      whole(row.perSecond),
      `${whole(row.spread * 100)} %`,
      row.p50.toFixed(2),
      row.p99.toFixed(2),
      whole(row.cpuMicroseconds),
      whole(row.peakMegabytes),
      ratio(row.toLimit),
      ratio(row.toOurs),
    ]),
  )

const startTable = (starts: readonly StartRow[]): string =>
  table(
    ['candidate', 'start to ready, s', 'memory idle, MB', 'memory under load, MB'],
    starts.map(({ candidate, readyMilliseconds, idle, underLoad }) => [
      nameOf(candidate),
      (readyMilliseconds / 1000).toFixed(2),
      whole(idle),
      whole(underLoad),
    ]),
  )

const targetTable = (targets: readonly Target[]): string =>
  table(
    ['target', 'wanted', 'measured', ''],
    targets.map(({ name, wanted, measured, isMet }) => [
      name,
      wanted,
      measured.toFixed(2),
      isMet ? 'met' : '**missed**',
    ]),
  )

export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = headers.map((_, index) => (index === 0 ? '---' : '---:'))
  return [headers, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const nameOf = (candidate: string): string => (candidate.startsWith('ours') ? `**${candidate}**` : candidate)
const whole = (value: number): string => (Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en'))
const ratio = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(2))
