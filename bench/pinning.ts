import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

/** The load generators of this process, and those that it starts, run beside the core of the contenders. */
export function leaveTheCore(): void {
  const cores = cpus().length
  if (cores < 2) console.warn('With one core, contenders and load generators share it.')
  else execFileSync('taskset', ['-a', '-c', '-p', `1-${cores - 1}`, String(process.pid)], { stdio: 'ignore' })
}
