import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { firstServer, serverUrls } from '../../connection/server-urls.ts'
import { slotOwner } from './cluster.ts'
import { type Client, type OpenClient, openClient } from './open-client.ts'
import { sentinelMaster } from './sentinels.ts'

/** What a server says of itself. `runId` is another one after each start. */
type Identity = Readonly<{ runId: string; mode: string; owner: URL | null }>

export type Server = Readonly<{
  client: Client
  failed: Promise<Error>
  runId: string
  /** How the names of all keys begin. In a cluster, the braces put them into one slot, as scripts need them. */
  root: string
}>

/** `namespace` is how the names of all keys begin, in a cluster in braces. */
export type ServerOptions = Readonly<{ url: string; namespace: string; connectMs: number }>

const clusterRoot = ({ namespace }: ServerOptions): string => `{${namespace}}`

const NO_CLUSTER = 'several servers are named, and they are no cluster'
const HINT = 'Name one server, those of a Redis Cluster, or Sentinels with ?sentinel=<name of the master>.'
const NO_NAME = 'the server is a Sentinel, and the URL does not name its master'

/**
 * Connects to the server that has the keys of this service now: the one of the URL, the master that its Sentinels name, or
 * in a cluster the master of the slot.
 *
 * @throws {ServerSetupError} when the servers are not what the URL says
 */
export async function openServer(options: ServerOptions): Promise<Server> {
  const { url, namespace, connectMs } = options
  const master = firstServer(url).searchParams.get('sentinel')
  if (master === null) return openFirst(options)
  const found = await sentinelMaster(url, master, connectMs)
  const opened = await openClient(found.href, connectMs, async (client) => {
    await assertMaster(client)
    return identify(client, found, options)
  })
  return serverOf(opened, namespace)
}

const serverOf = ({ client, failed, ready: { runId } }: OpenClient<Identity>, root: string): Server => ({
  client,
  failed,
  runId,
  root,
})

/** The first that is there, or in a cluster the one that it names. */
async function openFirst(options: ServerOptions): Promise<Server> {
  const urls = serverUrls(options.url)
  let error: unknown
  for (const url of urls) {
    try {
      return await openNode({ ...options, url }, urls.length > 1)
    } catch (thrown) {
      if (thrown instanceof ServerSetupError) throw thrown
      error = thrown
    }
  }
  throw error
}

async function openNode(options: ServerOptions, needsCluster: boolean): Promise<Server> {
  const { url, namespace, connectMs } = options
  const asked = new URL(url)
  const opened = await openClient(url, connectMs, (client) => identify(client, asked, options))
  const { mode, owner } = opened.ready
  if (mode === 'sentinel') throw refused(opened, NO_NAME)
  if (mode === 'cluster') return openOwner(opened, owner, options)
  if (needsCluster) throw refused(opened, NO_CLUSTER)
  return serverOf(opened, namespace)
}

/** Asks the owner, too: a server that was away may name one that is no longer. */
async function openOwner(opened: OpenClient<Identity>, owner: URL | null, options: ServerOptions): Promise<Server> {
  if (owner === null) return serverOf(opened, clusterRoot(options))
  opened.client.destroy()
  const named = await openClient(owner.href, options.connectMs, (client) => identify(client, owner, options))
  if (named.ready.owner === null) return serverOf(named, clusterRoot(options))
  named.client.destroy()
  throw new Error('The servers of the cluster do not agree on who has the slot.')
}

function refused({ client }: OpenClient<Identity>, problem: string): ServerSetupError {
  client.destroy()
  return new ServerSetupError(problem, HINT)
}

async function identify(client: Client, asked: URL, options: ServerOptions): Promise<Identity> {
  const info = await client.info('server')
  const [, runId = 'unknown'] = /^run_id:(\w+)/m.exec(info) ?? []
  const [, mode = 'standalone'] = /^(?:redis|server)_mode:(\w+)/m.exec(info) ?? []
  return { runId, mode, owner: mode === 'cluster' ? await slotOwner(client, clusterRoot(options), asked) : null }
}

/** A Sentinel may name a server a moment before it is promoted. */
async function assertMaster(client: Client): Promise<void> {
  const [role] = (await client.sendCommand(['ROLE'])) as unknown as readonly [string]
  if (role !== 'master') throw new Error('The server that the Sentinels name is not a master yet.')
}
