import { serverUrls } from '../../../../src/infrastructures/connection/server-urls.ts'
import { type Fault, startFaultProxy } from '../../../kit/fault-proxy.ts'
import { startAll } from '../../../kit/start-all.ts'
import type { TestIssuer } from '../../../kit/test-issuer.ts'
import { settingsFor, startRevivable } from '../../kit/revivable.ts'

export type EventTeam = Awaited<ReturnType<typeof startEventTeam>>
export type Member = EventTeam['members'][number]

/** Processes of the service on one database and one queue, each over wires of its own that can be cut. */
export async function startEventTeam(issuer: TestIssuer, databaseUrl: string, queueUrl: string, count = 2) {
  const members = await startAll(count, () => startMember(issuer, databaseUrl, queueUrl))
  return {
    members,
    urls: members.map(({ url }) => url),
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(members.map((member) => member[Symbol.asyncDispose]()))
    },
  }
}

async function startMember(issuer: TestIssuer, databaseUrl: string, queueUrl: string) {
  let sent = 0
  await using building = new AsyncDisposableStack()
  const database = building.use(await startFaultProxy(new URL(databaseUrl)))
  const listen = (bytes: Buffer): void => {
    if (bytes.includes('"specversion"')) sent++
  }
  const queue = building.use(await startQueueWire(queueUrl, listen))
  const service = building.use(await startRevivable({ ...settingsFor(issuer, database.url), QUEUE_URL: queue.url }))
  const resources = building.move()
  const signal = (name: NodeJS.Signals): void => void process.kill(service.current().pid ?? 0, name)

  return {
    ...service,
    wires: { database, queue },
    /** Grows while events are on their way to the queue. */
    sent: () => sent,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),

    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** A wire to each server that a URL names; what happens to one happens to all. */
async function startQueueWire(url: string, listen: (bytes: Buffer) => void) {
  await using building = new AsyncDisposableStack()
  const servers = serverUrls(url).map((server) => new URL(server))
  const proxies = await Promise.all(servers.map((server) => startFaultProxy(server, listen)))
  for (const proxy of proxies) building.use(proxy)
  const hosts = proxies.map((proxy) => new URL(proxy.url).host)
  const wires = building.move()
  return {
    url: url.replace(servers.map(({ host }) => host).join(), hosts.join()),
    set: async (fault: Fault): Promise<void> => void (await Promise.all(proxies.map((proxy) => proxy.set(fault)))),
    [Symbol.asyncDispose]: () => wires.disposeAsync(),
  }
}

type Wire = Member['wires']['queue']

/** What was on its way is lost, and its connection with it: nothing overtakes what was held up. */
export async function restore(wire: Wire): Promise<void> {
  await wire.set('reset')
  await wire.set('pass')
}
