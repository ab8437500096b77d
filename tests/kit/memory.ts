import { readFileSync } from 'node:fs'

/** What a process has in memory now, and the most that it ever had. */
export function residentMegabytes(pid: number): Readonly<{ now: number; peak: number }> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024)
  return { now: read('VmRSS'), peak: read('VmHWM') }
}
