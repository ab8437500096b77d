import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programs } from './engines.ts'

type Start = Readonly<{
  /** Its files by their name, in a new folder that is removed in the end. */
  files: Readonly<Record<string, string>>
  /** Its arguments; it must stay in the foreground. */
  args: (folder: string) => readonly string[]
  /** A port of loopback on which it listens once it is ready. */
  port: number
}>

const START_TIMEOUT_MS = 10_000

/** Starts a program of {@link programs} and waits until it listens. Disposing it ends it and leaves nothing behind. */
export async function startProgram(name: keyof typeof programs, { files, args, port }: Start) {
  const folder = await mkdtemp(join(tmpdir(), `forum-${name}-`))
  await chmod(folder, 0o777) // it may run as a user of its own
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  const child = spawn(programs[name] ?? name, args(folder), { stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => output.push(text))
  const ended = once(child, 'close')
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null

  async function dispose(): Promise<void> {
    if (!hasEnded()) child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 2_000)
    await ended
    clearTimeout(timer)
    await rm(folder, { recursive: true, force: true })
  }

  for (const deadline = performance.now() + START_TIMEOUT_MS; !(await isListening(port)); await sleep(50)) {
    if (!hasEnded() && performance.now() < deadline) continue
    await dispose()
    throw new Error(`${name} does not listen on ${port}:\n${output.join('')}`)
  }
  return { folder, pid: child.pid, logs: () => output.join(''), [Symbol.asyncDispose]: dispose }
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
