import { randomUUID } from 'node:crypto'
import { ownEngine } from './own-engine.ts'

type Node = Awaited<ReturnType<typeof ownEngine>>

/** Three servers of RabbitMQ, of which one after the other can be killed; each keeps its data. */
export async function startRabbitmqCluster() {
  await using building = new AsyncDisposableStack()
  const common = { RABBITMQ_ERLANG_COOKIE: randomUUID(), TIMEOUT_S: '120' }
  const first = building.use(await ownEngine('rabbitmq', common))
  const port = Number(new URL(first.url).port)
  const joining = {
    ...common,
    RABBITMQ_EPMD_PORT: String(port + 1),
    RABBITMQ_OPTIONS: `cluster_formation.classic_config.nodes.1 = forum-${port}@localhost`,
  }
  const others = [await ownEngine('rabbitmq', joining), await ownEngine('rabbitmq', joining)]
  for (const other of others) building.use(other)
  const nodes: readonly Node[] = [first, ...others]
  let victim = -1

  await first.start()
  await Promise.all(others.map((other) => other.start()))

  const resources = building.move()
  return {
    url: first.url.replace(/[^@]*$/, nodes.map(({ url }) => new URL(url).host).join()),
    /** SIGKILL to the next one. */
    async kill(): Promise<void> {
      victim = (victim + 1) % nodes.length
      await nodes[victim]?.kill()
    },
    /** Starts the one that was killed, and waits until it has its replicas of the queues again. */
    start: async (): Promise<void> => nodes[victim]?.start(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
