import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Candidate } from './candidates.ts'
import { freePort } from './engine.ts'
import { usageOf } from './process-usage.ts'

export type ServerProcess = Readonly<{
  url: string
  healthUrl: string
  pid: number
  /** From the start of the process to its first 2xx answer. */
  readyMilliseconds: number
  usage: ReturnType<typeof usageOf>
  stop(): Promise<void>
}>

/** The core on which only the candidates run. */
const CORE = '0'
const POLL_MS = 5
const TIMEOUT_MS = 30_000

/** Starts a candidate and waits until it answers a request that reads. */
export async function startServer(
  { name, command, cores = CORE }: Candidate,
  environment: NodeJS.ProcessEnv,
  probe: Readonly<{ path: string; token: string }>,
): Promise<ServerProcess> {
  const [port, healthPort] = [await freePort(), await freePort()]
  const env = {
    ...process.env,
    GRPC_PORT: 'off',
    ...environment,
    HTTP_PORT: String(port),
    HEALTH_PORT: String(healthPort),
  }
  const url = `http://127.0.0.1:${port}`
  const start = performance.now()
  const child = spawn('taskset', ['-c', cores, ...command], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    await answering(url, child, probe)
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`${name} did not start`, { cause: error })
  }

  return {
    url,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    pid: child.pid ?? 0,
    readyMilliseconds: performance.now() - start,
    usage: usageOf(child.pid ?? 0),
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)
      await once(child, 'exit')
      clearTimeout(timer)
    },
  }
}

async function answering(
  url: string,
  child: ChildProcess,
  { path, token }: Readonly<{ path: string; token: string }>,
): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error('The process ended before it answered.')
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } }).catch(() => null)
    if (answer?.ok) return
    await sleep(POLL_MS)
  }
  throw new Error('The process does not answer.')
}
