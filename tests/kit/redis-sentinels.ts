import { until } from './command.ts'
import { askRedis, HOST, redisNodes } from './redis-nodes.ts'
import { freePorts } from './service.ts'

const NAME = 'forum'
const QUORUM = 2
const TIMEOUT_MS = 30_000

/** A master of Redis and its replica, and three Sentinels that promote it. */
export async function startRedisSentinels() {
  await using building = new AsyncDisposableStack()
  const nodes = building.use(await redisNodes())
  const [one = 0, other = 0, ...sentinels] = await freePorts(5)
  const [watching = 0] = sentinels
  let master = one

  const follow = (port: number) => nodes.start(port, [`replicaof ${HOST} ${master}`, 'repl-diskless-sync-delay 0'])

  async function masterFields(): Promise<Readonly<Record<string, string>>> {
    const reply = (await askRedis(watching, 'SENTINEL', 'MASTER', NAME)) as readonly string[]
    return Object.fromEntries(reply.flatMap((name, at) => (at % 2 === 0 ? [[name, reply[at + 1] ?? '']] : [])))
  }

  /** There is a replica that can be promoted, and there are Sentinels that agree on it. */
  async function isWatched(): Promise<boolean> {
    const fields = await masterFields()
    const replicas = (await askRedis(watching, 'SENTINEL', 'REPLICAS', NAME)) as readonly (readonly string[])[]
    const linked = replicas.filter((replica) => replica[replica.indexOf('master-link-status') + 1] === 'ok')
    return fields['num-other-sentinels'] === '2' && fields['port'] === String(master) && linked.length === 1
  }

  const untilWatched = () => until('the Sentinels watch a master and its replica', isWatched, TIMEOUT_MS)

  await nodes.start(one, [])
  await follow(other)
  const settings = ['down-after-milliseconds', 'failover-timeout'].map(
    (name, at) => `sentinel ${name} ${NAME} ${[700, 5_000][at]}`,
  )
  const lines = [`sentinel monitor ${NAME} ${HOST} ${one} ${QUORUM}`, ...settings]
  for (const port of sentinels) await nodes.start(port, lines, '--sentinel')
  await untilWatched()

  const resources = building.move()
  return {
    url: `redis://${sentinels.map((port) => `${HOST}:${port}`).join()}?sentinel=${NAME}`,

    /** SIGKILL to the master, once there is a replica that can be promoted. */
    async kill(): Promise<void> {
      await untilWatched()
      await nodes.kill(master)
    },

    /** Waits until another one is the master, and brings the one that was killed back as its replica. */
    async start(): Promise<void> {
      const killed = master
      await until('the replica is promoted', async () => (await masterFields())['port'] !== String(killed), TIMEOUT_MS)
      master = Number((await masterFields())['port'])
      await follow(killed)
    },

    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
