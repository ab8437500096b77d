import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { INHERITED } from './inherited.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const TIMEOUT_MS = 20_000

type Options = Readonly<{
  directory: string
  /** All that it finds in its environment, besides what `INHERITED` names. */
  env?: Readonly<Record<string, string>>
  /** Where its standard output goes, instead of to `stdout()`. */
  output?: number | 'ignore'
}>

/** Starts `node src/main.ts` with some words, as `npm start`, `npm run token` and the others do. */
export function startCommand(words: readonly string[], { directory, env = {}, output }: Options) {
  const stdio = ['ignore', output ?? 'pipe', 'pipe'] as const
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: directory,
    env: { ...INHERITED, ...env },
    stdio: [...stdio],
  })
  const [lines, errors]: [string[], string[]] = [[], []]
  child.stdout?.setEncoding('utf8').on('data', (text: string) => lines.push(text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const closed = once(child, 'close')

  /** The code that it ends with; it is killed when it takes too long. */
  async function ended(timeoutMs = TIMEOUT_MS): Promise<number | null> {
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    await closed
    clearTimeout(timer)
    return child.exitCode
  }

  return {
    child,
    ended,
    stdout: () => lines.join(''),
    stderr: () => errors.join(''),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

/** Runs it to its end; it is killed when it takes too long, and its code is null. */
export async function runCommand(
  words: readonly string[],
  { timeoutMs, ...options }: Options & { timeoutMs?: number },
) {
  await using started = startCommand(words, options)
  const code = await started.ended(timeoutMs)
  return { code, stdout: started.stdout(), stderr: started.stderr() }
}

/** A directory that nothing else uses, gone when it is disposed. */
export async function freshDirectory(prefix = 'forum-test-') {
  const directory = await mkdtemp(join(tmpdir(), prefix))
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}

/** Waits until something holds. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await sleep(20)
  }
}
