import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export type ServerProcess = Readonly<{
  url: string
  cpuSeconds(): number
  peakMegabytes(): number
  stop(): Promise<void>
}>

/** Ticks of /proc/<pid>/stat in a second, on Linux as it is built everywhere. */
const TICKS = 100

/** Starts a contender on the first core, where nothing else of ours runs, and waits until it answers. */
export async function startServer(entry: string, port: number, environment: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const env = { ...process.env, ...environment, HTTP_PORT: String(port), HEALTH_PORT: String(port + 1) }
  const child = spawn('taskset', ['-c', '0', process.execPath, entry], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  await answering(url, child)

  return {
    url,
    cpuSeconds: () => cpuSecondsOf(child),
    peakMegabytes: () => peakMegabytesOf(child),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error('The contender ended before it answered.')
    const answer = await fetch(url).catch(() => null)
    if (answer !== null) return
    await sleep(50)
  }
  throw new Error('The contender does not answer.')
}

function cpuSecondsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

function peakMegabytesOf({ pid }: ChildProcess): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
