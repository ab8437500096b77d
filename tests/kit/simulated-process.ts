import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import type { World } from './simulated-world.ts'

/** How likely each thing is at each step of a process, and how long a pause is at the most. */
export type Faults = Readonly<{ crash: number; pause: number; maxBackoffMs: number; failure: number }>

export const NO_FAULTS: Faults = { crash: 0, pause: 0, maxBackoffMs: 0, failure: 0 }

/** What every call costs on its way there, and again on its way back. */
export const MAX_LATENCY_MS = 4

const MAX_ABSENCE_MS = 600

/** A process that may be paused, and may die at any step: then nothing that it awaits ever comes back. */
export type SimulatedProcess = Readonly<{
  name: string
  died: Promise<void>
  isAlive: () => boolean
  /** Lets it die so many steps from now, or at the next one. */
  dieIn: (steps: number) => void
  sleep: (milliseconds: number) => Promise<void>
  /** Calls an engine; the call may fail before it takes effect, or take effect and lose its reply. */
  call: <Result>(what: string, operation: () => Promise<Result>) => Promise<Result>
}>

/** `faults` is asked at every step, so that a world can heal. */
export function startProcess(name: string, { dice, sleep, note }: World, faults: () => Faults): SimulatedProcess {
  const { promise: died, resolve: die } = Promise.withResolvers<void>()
  let isAlive = true
  let stepsLeft = Number.POSITIVE_INFINITY

  async function step(milliseconds: number): Promise<void> {
    const { crash, pause, maxBackoffMs } = faults()
    if (isAlive && (--stepsLeft < 0 || dice.chance(crash))) {
      note(() => `${name} dies`)
      isAlive = false
      die()
    }
    if (isAlive) await sleep(milliseconds + (dice.chance(pause) ? dice.below(maxBackoffMs) : 0))
    if (!isAlive) await new Promise<never>(() => {})
  }

  return {
    name,
    died,
    isAlive: () => isAlive,
    dieIn: (steps) => {
      stepsLeft = steps
    },
    sleep: step,

    async call(what, operation) {
      await step(dice.below(MAX_LATENCY_MS))
      const fails = dice.chance(faults().failure)
      if (fails && dice.chance(0.5)) {
        note(() => `${name}: ${what} fails`)
        throw new DependencyUnavailable('simulated engine')
      }
      note(() => `${name}: ${what}`)
      const result = await operation()
      await step(dice.below(MAX_LATENCY_MS))
      if (!fails) return result
      note(() => `${name}: the outcome of ${what} is lost`)
      throw new OutcomeUnknown('simulated engine')
    },
  }
}

/** What gives a part of an engine, at once. */
const GIVES_PARTS = ['reader', 'view']

/** The same engine, of which a process asks everything through its own steps. */
export function throughProcess<Engine extends object>(
  engine: Engine,
  { call }: Pick<SimulatedProcess, 'call'>,
  of = '',
): Engine {
  const wrapped = Object.entries(engine).map(([name, part]) => {
    if (GIVES_PARTS.includes(name)) {
      return [name, (...given: unknown[]) => throughProcess(part(...given), { call }, `${of}${name}.`)]
    }
    if (typeof part === 'function') return [name, (...given: unknown[]) => call(`${of}${name}`, () => part(...given))]
    return [name, throughProcess(part as object, { call }, `${of}${name}.`)]
  })
  return Object.fromEntries(wrapped) as Engine
}

/** What runs in a process that is replaced by a new one within a time whenever it died. */
export function keepRunning<Work>(
  name: string,
  world: World,
  faults: () => Faults,
  start: (process: SimulatedProcess) => Work,
): () => Readonly<{ process: SimulatedProcess; work: Work }> {
  let running = begin(1)

  function begin(life: number) {
    const process = startProcess(`${name} ${life}`, world, faults)
    void process.died.then(async () => {
      await world.sleep(world.dice.below(MAX_ABSENCE_MS))
      running = begin(life + 1)
    })
    return { process, work: start(process) }
  }

  return () => running
}
