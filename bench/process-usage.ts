import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Ticks of /proc/<pid>/stat in a second, on Linux as it is built everywhere. */
const TICKS = 100

/** What a process has used, as Linux counts it. */
export function usageOf(pid: number) {
  const status = (field: string): number => {
    const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  }

  return {
    cpuSeconds: (): number => statOf(pid)?.own ?? Number.NaN,

    megabytes: (): number => status('VmRSS'),

    /** Since the last time it was forgotten. */
    peakMegabytes: (): number => status('VmHWM'),
    forgetPeak: (): void => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
  }
}

/** Of a process that runs: its parent, and its CPU seconds and those of its children that have ended. */
function statOf(pid: number | string): Readonly<{ parent: number; own: number; ended: number }> | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const seconds = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) / TICKS
    return { parent: Number(fields[1]), own: seconds(11), ended: seconds(13) }
  } catch {
    return null
  }
}

export const parentOf = (pid: number): number | null => statOf(pid)?.parent ?? null

/** CPU seconds of a process and of all that it has started. */
export function familyCpuSeconds(pid: number): number {
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), ...statOf(name) }))

  const sum = (of: number): number =>
    running
      .filter((process) => process.pid === of || process.parent === of)
      .reduce((total, { pid: one, own = 0, ended = 0 }) => total + (one === of ? own + ended : sum(one)), 0)
  return sum(pid)
}

/** CPU seconds of this process and of load generators that have ended. */
export function generatorCpuSeconds(): number {
  const { own = 0, ended = 0 } = statOf('self') ?? {}
  return own + ended
}

/** CPU seconds of all processes of the machine: all but idle, waiting for a disk, and what counts as another's already. */
export function cpuOfAll(): number {
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0, stolen = 0] =
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? []
  return (user + nice + system + interrupts + soft + stolen) / TICKS
}
