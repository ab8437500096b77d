import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './command.ts'
import { startProgram } from './program.ts'
import { freePorts } from './service.ts'

type Node = Readonly<{ name: string; port: number; httpPort: number; clusterPort: number }>
type Started = Awaited<ReturnType<typeof startProgram>>

const HOST = '127.0.0.1'
const HEALTHY_TIMEOUT_MS = 60_000

/** Three servers of NATS with JetStream, of which one after the other can be killed; each keeps its data. */
export async function startNatsCluster() {
  const parent = await mkdtemp(join(tmpdir(), 'forum-nats-'))
  const ports = await freePorts(9)
  const nodes = [0, 1, 2].map((index) => {
    const [port, httpPort, clusterPort] = ports.slice(index * 3) as [number, number, number]
    return { name: `node${index}`, port, httpPort, clusterPort }
  })
  const routes = nodes.map(({ clusterPort }) => `nats://${HOST}:${clusterPort}`).join()
  const running = new Map<Node, Started>()
  let victim = -1

  async function startNode(node: Node): Promise<void> {
    const { name, port, httpPort, clusterPort } = node
    const options = {
      ...{ name, addr: HOST, port, http_port: httpPort, store_dir: join(parent, name) },
      ...{
        cluster_name: 'forum',
        cluster: `nats://${HOST}:${clusterPort}`,
        routes,
        cluster_advertise: `${HOST}:${clusterPort}`,
      },
    }
    const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)])
    running.set(node, await startProgram('nats-server', { files: {}, port, args: () => ['--jetstream', ...args] }))
  }

  /** Starts what does not run, and waits until each has what the others have. */
  async function start(): Promise<void> {
    await Promise.all(nodes.filter((node) => !running.has(node)).map(startNode))
    await until('the cluster is healthy', () => areAll(nodes.map(isHealthy)), HEALTHY_TIMEOUT_MS)
  }

  async function dispose(): Promise<void> {
    await Promise.all([...running.values()].map((each) => each[Symbol.asyncDispose]()))
    await rm(parent, { recursive: true, force: true, maxRetries: 5 })
  }

  await start().catch(async (error) => {
    await dispose()
    throw error
  })
  return {
    url: `nats://${nodes.map(({ port }) => `${HOST}:${port}`).join()}`,
    start,
    /** SIGKILL to the next one. */
    async kill(): Promise<void> {
      victim = (victim + 1) % nodes.length
      const node = nodes[victim] as Node
      const program = running.get(node)
      running.delete(node)
      process.kill(program?.pid ?? 0, 'SIGKILL')
      await program?.[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: dispose,
  }
}

type Streams = {
  account_details?: { stream_detail?: { cluster: { leader: string; replicas?: { current: boolean }[] } }[] }[]
}

/**
 * Whether a server is one of the cluster, and all replicas of the streams that it leads have what it has. The leader is
 * asked: a replica of NATS 2.9 calls itself behind, sometimes for minutes, while nothing happens.
 */
async function isHealthy({ name, httpPort }: Node): Promise<boolean> {
  const ask = (path: string) =>
    fetch(`http://${HOST}:${httpPort}/${path}`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  const [joined, streams] = await Promise.all([ask('healthz?js-server-only=true'), ask('jsz?streams=true')])
  if (!joined?.ok || !streams?.ok) return false
  const { account_details = [] } = (await streams.json()) as Streams
  const led = account_details.flatMap(({ stream_detail = [] }) => stream_detail).map(({ cluster }) => cluster)
  return led.every(({ leader, replicas = [] }) => leader !== name || replicas.every(({ current }) => current))
}

const areAll = async (checks: readonly Promise<boolean>[]): Promise<boolean> =>
  (await Promise.all(checks)).every(Boolean)
