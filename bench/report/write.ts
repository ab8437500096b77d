import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { GENERATOR } from '../load.ts'
import { chartOf } from './chart.ts'
import { markdownOf } from './markdown.ts'
import { type Round, summarize, summarizeStarts } from './summary.ts'
import { targetsOf } from './targets.ts'

export type Results = Readonly<{
  /** What serves the candidates, and those that something else serves. */
  engine: string
  others: readonly Readonly<{ candidate: string; engine: string }>[]
  rows: number
  rounds: number
  seconds: number
  measurements: readonly Round[]
}>

const FOLDER = 'bench/results'

/** Prints the results, and writes them under their date and as the latest. */
export function writeResults({ measurements, ...results }: Results): void {
  const date = new Date().toISOString().slice(0, 10)
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.version }
  const [rows, starts] = [summarize(measurements), summarizeStarts(measurements)]
  const targets = targetsOf(rows, starts)
  const markdown = markdownOf(aboutOf(date, machine, results), rows, starts, targets)
  const json = `${JSON.stringify({ date, machine, generator: GENERATOR, ...results, rows, starts, targets, measurements }, null, 1)}\n`

  writeBoth(date, 'json', json)
  writeBoth(date, 'md', markdown)
  const median = `medians of ${results.rounds} rounds, ${date}`
  const footnote = `Requests per second, and the ratio to ours; ${median}. Each scenario has its own scale.`
  writeFileSync(`${FOLDER}/latest.svg`, chartOf(rows, footnote))
  console.log(markdown)
  if (rows.some(({ failures }) => failures > 0)) process.exitCode = 1
}

export function writeBoth(name: string, extension: string, content: string): void {
  mkdirSync(FOLDER, { recursive: true })
  for (const stem of [name, name.endsWith('growth') ? 'latest-growth' : 'latest']) {
    writeFileSync(`${FOLDER}/${stem}.${extension}`, content)
  }
}

function aboutOf(
  date: string,
  { cores, cpu, node }: { cores: number; cpu: string; node: string },
  { engine, others, rows, rounds, seconds }: Omit<Results, 'measurements'>,
): readonly string[] {
  const elsewhere = others.map((one) => `${one.candidate}: ${one.engine}`)
  return [
    `${date} · ${cpu}, ${cores} cores · Node.js ${node} · ${engine}, fsync on · ${rows.toLocaleString('en')} posts`,
    ...(elsewhere.length === 0 ? [] : [elsewhere.join(' · ')]),
    `${rounds} alternating rounds of ${seconds} s per scenario after a warm-up round, 64 kept-alive connections, ${GENERATOR}`,
    'Medians; the spread is that of the throughput between rounds; ratios are medians of the ratios within a round.',
  ]
}
