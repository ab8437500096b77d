import { CONTENDERS } from '../contenders.ts'
import type { Sample, Turn } from '../measure.ts'
import { median, spreadOf } from './statistics.ts'

export type Round = Turn & Readonly<{ round: number }>

/** Medians of all rounds. Ratios are those of the throughputs of the same round, so that a slow minute hits both. */
export type Row = Readonly<{
  scenario: string
  contender: string
  perSecond: number
  spread: number
  p50: number
  p99: number
  cpuMicroseconds: number
  peakMegabytes: number
  toLimit: number
  toOurs: number
  failures: number
}>

export type StartRow = Readonly<{ contender: string; readyMilliseconds: number; idle: number; underLoad: number }>

export function summarize(turns: readonly Round[]): readonly Row[] {
  const [first] = turns
  const scenarios = first?.samples.map(({ scenario }) => scenario) ?? []
  const contenders = contendersIn(turns)
  return scenarios.flatMap((scenario) => contenders.map((contender) => rowOf(turns, scenario, contender)))
}

function rowOf(turns: readonly Round[], scenario: string, contender: string): Row {
  const own = samplesOf(turns, scenario, contender)
  const middle = (field: Exclude<keyof Sample, 'contender' | 'scenario'>) =>
    median(own.map(({ sample }) => sample[field]))
  const ratioTo = (other: string) => {
    const theirs = samplesOf(turns, scenario, other)
    return median(
      own.flatMap(({ round, sample }) => {
        const peer = theirs.find((one) => one.round === round)
        return peer === undefined ? [] : [sample.perSecond / peer.sample.perSecond]
      }),
    )
  }

  return {
    scenario,
    contender,
    perSecond: middle('perSecond'),
    spread: spreadOf(own.map(({ sample }) => sample.perSecond)),
    p50: middle('p50'),
    p99: middle('p99'),
    cpuMicroseconds: middle('cpuMicroseconds'),
    peakMegabytes: middle('peakMegabytes'),
    toLimit: ratioTo('limit'),
    toOurs: ratioTo('ours'),
    failures: own.reduce((sum, { sample }) => sum + sample.failures, 0),
  }
}

export const summarizeStarts = (turns: readonly Round[]): readonly StartRow[] =>
  contendersIn(turns).map((contender) => {
    const own = turns.filter(({ start }) => start.contender === contender)
    return {
      contender,
      readyMilliseconds: median(own.map(({ start }) => start.readyMilliseconds)),
      idle: median(own.map(({ start }) => start.idleMegabytes)),
      underLoad: median(own.map(({ samples }) => Math.max(...samples.map(({ peakMegabytes }) => peakMegabytes)))),
    }
  })

const contendersIn = (turns: readonly Round[]): readonly string[] =>
  CONTENDERS.map(({ name }) => name).filter((name) => turns.some(({ start }) => start.contender === name))

const samplesOf = (turns: readonly Round[], scenario: string, contender: string) =>
  turns.flatMap(({ round, samples }) =>
    samples
      .filter((sample) => sample.scenario === scenario && sample.contender === contender)
      .map((sample) => ({ round, sample })),
  )
