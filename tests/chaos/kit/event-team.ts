import { startFaultProxy } from '../../kit/fault-proxy.ts'
import type { TestIssuer } from '../../kit/test-issuer.ts'
import { settingsFor, startRevivable } from './revivable.ts'

export type EventTeam = Awaited<ReturnType<typeof startEventTeam>>
export type Member = EventTeam['members'][number]

/** Processes of the service on one database and one queue, each over wires of its own that can be cut. */
export async function startEventTeam(issuer: TestIssuer, databaseUrl: string, queueUrl: string, count = 2) {
  const members = await Promise.all(Array.from({ length: count }, () => startMember(issuer, databaseUrl, queueUrl)))
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
  const database = await startFaultProxy(new URL(databaseUrl))
  const queue = await startFaultProxy(new URL(queueUrl), (bytes) => {
    if (bytes.includes('"specversion"')) sent++
  })
  const service = await startRevivable({ ...settingsFor(issuer, database.url), QUEUE_URL: queue.url })
  const signal = (name: NodeJS.Signals): void => void process.kill(service.current().pid ?? 0, name)

  return {
    ...service,
    wires: { database, queue },
    /** Grows while events are on their way to the queue. */
    sent: () => sent,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),

    async [Symbol.asyncDispose](): Promise<void> {
      await service[Symbol.asyncDispose]()
      await Promise.all([database.close(), queue.close()])
    },
  }
}

type Wire = Member['wires']['queue']

/** What was on its way is lost, and its connection with it: nothing overtakes what was held up. */
export async function restore(wire: Wire): Promise<void> {
  await wire.set('reset')
  await wire.set('pass')
}
