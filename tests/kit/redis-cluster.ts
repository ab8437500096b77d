import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PRODUCT } from '../../src/patterns/product.ts'
import { until } from './command.ts'
import { askRedis, HOST, redisNodes } from './redis-nodes.ts'
import { freePorts } from './service.ts'

const LINES = ['cluster-enabled yes', 'cluster-node-timeout 1500', 'repl-diskless-sync-delay 0']
const TIMEOUT_MS = 60_000

type Range = readonly [first: number, last: number, ...nodes: readonly (readonly [host: string, port: number])[]]

/** Three masters of a Redis Cluster, each with a replica. */
export async function startRedisCluster() {
  await using building = new AsyncDisposableStack()
  const nodes = building.use(await redisNodes())
  const ports = await freePorts(6)
  const busPorts = await freePorts(6)
  const startNode = (port: number) => nodes.start(port, [...LINES, `cluster-port ${busPorts[ports.indexOf(port)]}`])
  let killed = 0

  /** The master of the keys of the service, and its replicas. */
  async function ownersOf(asked: number): Promise<readonly number[]> {
    const slot = Number(await askRedis(asked, 'CLUSTER', 'KEYSLOT', `{${PRODUCT.namespace}}`))
    const ranges = (await askRedis(asked, 'CLUSTER', 'SLOTS')) as readonly Range[]
    const [, , ...owners] = ranges.find(([first, last]) => slot >= first && slot <= last) ?? []
    return (owners as readonly (readonly [string, number])[]).map(([, port]) => port)
  }

  const running = () => ports.filter((port) => nodes.isRunning(port))

  /** All of those that run say that the cluster works, and that a replica is there. */
  async function isWell(): Promise<boolean> {
    for (const port of running()) {
      const info = String(await askRedis(port, 'CLUSTER', 'INFO'))
      const owners = await ownersOf(port)
      if (!info.includes('cluster_state:ok') || owners.length < 2) return false
      if (!String(await askRedis(owners[1] ?? 0, 'INFO', 'replication')).includes('master_link_status:up')) return false
    }
    return true
  }

  const untilWell = () => until('the cluster is well', () => isWell().catch(() => false), TIMEOUT_MS)

  for (const port of ports) await startNode(port)
  const addresses = ports.map((port) => `${HOST}:${port}`)
  await promisify(execFile)('redis-cli', [
    '--cluster',
    'create',
    ...addresses,
    '--cluster-replicas',
    '1',
    '--cluster-yes',
  ])
  await untilWell()

  const resources = building.move()
  return {
    url: `redis://${addresses.join()}`,

    /** SIGKILL to the master of the keys of the service. */
    async kill(): Promise<void> {
      await untilWell()
      const [master = 0] = await ownersOf(ports[0] ?? 0)
      killed = master
      await nodes.kill(master)
    },

    /** Waits until another one is the master, and brings the one that was killed back as its replica. */
    async start(): Promise<void> {
      const [asked = 0] = running()
      await until('a replica is promoted', async () => (await ownersOf(asked))[0] !== killed, TIMEOUT_MS)
      await startNode(killed)
    },

    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
