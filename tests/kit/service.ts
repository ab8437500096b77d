import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { INHERITED } from './inherited.ts'
import { NODE_FLAGS } from './node-flags.ts'
import { firstOwnPort, listenOn, PORTS_OF_A_SHARE } from './port-share.ts'

export type Service = Awaited<ReturnType<typeof startService>>

type Start = Readonly<{
  /** Settings on top of free ports; nothing is taken from the environment of the tests but what `INHERITED` names. */
  env?: Readonly<Record<string, string>>
  /** Where the service works and keeps `./data`; by default a new directory that is removed in the end. */
  directory?: string
  /** What starts it instead of this Node.js, and may stand in front of it: in a process group of its own. */
  launcher?: readonly [command: string, ...args: readonly string[]]
  /** How long it may take to be ready. */
  timeoutMs?: number
  /** Flags of Node.js, and the file that it runs. */
  program?: readonly string[]
}>

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const STOP_MS = 35_000

let nextPort = 0

/** Starts the service as a process of its own and waits until it is ready. Disposing it leaves nothing behind. */
export async function startService({
  env = {},
  directory,
  launcher,
  program = [...NODE_FLAGS, MAIN],
  timeoutMs = 30_000,
}: Start = {}) {
  const settings = { LOG_FORMAT: 'ecs', ...env, ...(await portsOf(env)) }
  const cwd = directory ?? (await mkdtemp(join(tmpdir(), 'forum-service-')))

  const [command, ...args] = launcher ?? [process.execPath, ...program]
  const child = spawn(command, args, {
    cwd,
    env: { ...INHERITED, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: launcher !== undefined,
  })
  const output: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const ended = once(child, 'close').then(() => child.exitCode)
  const isRunning = () => child.exitCode === null && child.signalCode === null

  /** Everything that it wrote so far. */
  const logs = () => output.join('')

  /** Also what it has started, though it may have ended itself. */
  function killAll(): void {
    if (launcher === undefined) return void child.kill('SIGKILL')
    try {
      process.kill(-Number(child.pid), 'SIGKILL')
    } catch {} // all of them have ended
  }

  /** Ends it at once, as a power cut would. */
  const kill = async (): Promise<void> => {
    killAll()
    await ended
  }

  /** Asks it to end, and says with which code it did. */
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    const late = AbortSignal.timeout(STOP_MS)
    late.addEventListener('abort', killAll)
    const code = await ended
    if (late.aborted) throw new Error(`The service did not end in ${STOP_MS} ms:\n${logs()}`)
    return code
  }

  const dispose = async (): Promise<void> => {
    await kill()
    if (directory === undefined) await rm(cwd, { recursive: true, force: true })
  }

  const healthUrl = `http://127.0.0.1:${settings.HEALTH_PORT}`
  const isReady = await answersIn(`${healthUrl}/ready`, timeoutMs, isRunning)
  if (!isReady) {
    await dispose()
    throw new Error(`The service is not ready after ${timeoutMs} ms or ended:\n${logs()}`)
  }

  const url = `http://127.0.0.1:${settings.HTTP_PORT}`
  const [ways, state] = [
    { stop, kill, [Symbol.asyncDispose]: dispose },
    { logs, isRunning, ended },
  ]
  const grpcAddress = `127.0.0.1:${settings.GRPC_PORT}`
  return { url, grpcAddress, healthUrl, directory: cwd, pid: child.pid, ...state, ...ways }
}

/** The ports that a service needs: those that are given, else free ones. */
async function portsOf(given: Readonly<Record<string, string>>) {
  const port = async (name: string) => given[name] ?? (await freePorts(1)).join()
  return {
    HTTP_PORT: await port('HTTP_PORT'),
    HEALTH_PORT: await port('HEALTH_PORT'),
    GRPC_PORT: await port('GRPC_PORT'),
  }
}

/** Free ports, all different, that no other process of tests gets meanwhile. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const first = await firstOwnPort()
  const ports: number[] = []
  while (ports.length < count) {
    const port = first + (nextPort++ % PORTS_OF_A_SHARE)
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port)
  await server?.[Symbol.asyncDispose]()
  return server !== null
}

async function answersIn(url: string, milliseconds: number, isRunning: () => boolean): Promise<boolean> {
  const deadline = performance.now() + milliseconds
  while (isRunning() && performance.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => null)
    if (answer?.ok) return true
    await sleep(50)
  }
  return false
}
