import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

/** Pins this process, and the load generators that it starts, to the cores that the candidates do not use. */
export function leaveTheCore(): void {
  const cores = cpus().length
  if (cores < 2) console.warn('With one core, candidates and load generators share it.')
  else execFileSync('taskset', ['-a', '-c', '-p', `1-${cores - 1}`, String(process.pid)], { stdio: 'ignore' })
}
