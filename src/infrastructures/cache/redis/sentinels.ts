import { ErrorReply } from 'redis'
import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { firstServer, serverUrls } from '../../connection/server-urls.ts'
import { withHost } from './cluster.ts'
import { openClient } from './open-client.ts'

type Known = Readonly<{ host: string; port: string; epoch: number }>

/**
 * Where the master is. All Sentinels are asked, and the one that knows of the latest failover is believed.
 *
 * @throws {ServerSetupError} when they know no master of this name
 */
export async function sentinelMaster(text: string, name: string, connectMs: number): Promise<URL> {
  const asked = await Promise.allSettled(serverUrls(text).map((url) => ask(new URL(url), name, connectMs)))
  const known = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const [latest] = known.toSorted((one, other) => other.epoch - one.epoch)
  if (latest !== undefined) return withHost(firstServer(text), latest.host, latest.port)
  const reasons = asked.flatMap((answer) => (answer.status === 'rejected' ? answer.reason : []))
  throw reasons.find((reason) => reason instanceof ServerSetupError) ?? reasons[0]
}

/** Most Sentinels need no password; those that do get the one of the URL, as the master does. */
async function ask(url: URL, name: string, connectMs: number): Promise<Known> {
  const sentinel = withHost(url, url.hostname, url.port || 26_379)
  sentinel.pathname = ''
  const open = new URL(sentinel)
  open.username = ''
  open.password = ''
  try {
    return await masterIn(open, name, connectMs)
  } catch (error) {
    if (!(error instanceof ErrorReply) || !error.message.startsWith('NOAUTH') || sentinel.password === '') throw error
    return masterIn(sentinel, name, connectMs)
  }
}

async function masterIn(sentinel: URL, name: string, connectMs: number): Promise<Known> {
  const { client, ready } = await openClient(sentinel.href, connectMs, (client) =>
    client.sendCommand(['SENTINEL', 'MASTER', name]).catch((cause) => {
      if (!/No such master|unknown command/i.test(String(cause))) throw cause
      throw new ServerSetupError(`the Sentinels know no master with this name (${cause.message})`, '', { cause })
    }),
  )
  client.destroy()
  const { ip, port, 'config-epoch': epoch } = fieldsOf(ready)
  return { host: String(ip), port: String(port), epoch: Number(epoch) }
}

/** A map, or the same as a list. */
function fieldsOf(reply: unknown): Readonly<Record<string, unknown>> {
  if (reply instanceof Map) return Object.fromEntries(reply)
  if (!Array.isArray(reply)) return reply as Readonly<Record<string, unknown>>
  return Object.fromEntries(reply.flatMap((name, index) => (index % 2 === 0 ? [[name, reply[index + 1]]] : [])))
}
