import { readFileSync, writeFileSync } from 'node:fs'

/** Ticks of /proc/<pid>/stat in a second, on Linux as it is built everywhere. */
const TICKS = 100

/** What a process has used, as Linux counts it. */
export function usageOf(pid: number) {
  const status = (field: string): number => {
    const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  }

  return {
    cpuSeconds(): number {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / TICKS
    },

    megabytes: (): number => status('VmRSS'),

    /** Since the last time it was forgotten. */
    peakMegabytes: (): number => status('VmHWM'),
    forgetPeak: (): void => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
  }
}
