import { CANDIDATES } from '../candidates.ts'
import type { Measurement, Sample } from '../measure.ts'
import { median, spreadOf } from './statistics.ts'

export type Round = Measurement & Readonly<{ round: number }>

/** Medians of all rounds. Ratios are those of the throughputs of the same round, so that a slow minute hits both. */
export type Row = Readonly<{
  scenario: string
  candidate: string
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

export type StartRow = Readonly<{ candidate: string; readyMilliseconds: number; idle: number; underLoad: number }>

export function summarize(measurements: readonly Round[]): readonly Row[] {
  const [first] = measurements
  const scenarios = first?.samples.map(({ scenario }) => scenario) ?? []
  const candidates = candidatesIn(measurements)
  return scenarios.flatMap((scenario) => candidates.map((candidate) => rowOf(measurements, scenario, candidate)))
}

function rowOf(measurements: readonly Round[], scenario: string, candidate: string): Row {
  const own = samplesOf(measurements, scenario, candidate)
  const middle = (field: Exclude<keyof Sample, 'candidate' | 'scenario'>) =>
    median(own.map(({ sample }) => sample[field]))
  const ratioTo = (other: string) => {
    const theirs = samplesOf(measurements, scenario, other)
    return median(
      own.flatMap(({ round, sample }) => {
        const peer = theirs.find((one) => one.round === round)
        return peer === undefined ? [] : [sample.perSecond / peer.sample.perSecond]
      }),
    )
  }

  return {
    scenario,
    candidate,
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

export const summarizeStarts = (measurements: readonly Round[]): readonly StartRow[] =>
  candidatesIn(measurements).map((candidate) => {
    const own = measurements.filter(({ start }) => start.candidate === candidate)
    return {
      candidate,
      readyMilliseconds: median(own.map(({ start }) => start.readyMilliseconds)),
      idle: median(own.map(({ start }) => start.idleMegabytes)),
      underLoad: median(own.map(({ samples }) => Math.max(...samples.map(({ peakMegabytes }) => peakMegabytes)))),
    }
  })

const candidatesIn = (measurements: readonly Round[]): readonly string[] =>
  CANDIDATES.map(({ name }) => name).filter((name) => measurements.some(({ start }) => start.candidate === name))

const samplesOf = (measurements: readonly Round[], scenario: string, candidate: string) =>
  measurements.flatMap(({ round, samples }) =>
    samples
      .filter((sample) => sample.scenario === scenario && sample.candidate === candidate)
      .map((sample) => ({ round, sample })),
  )
