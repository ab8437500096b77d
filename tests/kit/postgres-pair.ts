import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type PostgresNode, postgresNode } from './postgres-node.ts'
import { freePorts } from './service.ts'

/** The flag by which commits wait is set by another process, a moment after the server got the command. */
const RELOAD_MS = 500
const REPLICATION_TIMEOUT_MS = 30_000

const STANDBY =
  'select sync_state, flush_lsn >= $1::pg_lsn as "isFlushed" from pg_stat_replication where application_name = $2'

/** A primary that acknowledges a commit once its replica has written it, too. After each promotion they change their roles. */
export async function postgresPair() {
  const parent = await mkdtemp(join(tmpdir(), 'forum-pair-'))
  await chmod(parent, 0o777) // the server's own user writes here
  const ports = await freePorts(2)
  let [primary, replica] = ports.map((port, index) => postgresNode(parent, `node${index}`, port)) as [
    PostgresNode,
    PostgresNode,
  ]
  const running = new Set<PostgresNode>()
  let hasBegun = false

  async function start(node: PostgresNode): Promise<void> {
    await node.start()
    running.add(node)
  }

  function kill(node: PostgresNode): void {
    running.delete(node)
    node.kill()
  }

  /** Makes a replica of the server that is not the primary, and the primary wait for it. */
  async function replicate(): Promise<void> {
    await replica.copy(primary)
    await start(replica)
    await withClient(primary.url, async (client) => {
      await client.query(`alter system set synchronous_standby_names = '${replica.name}'`)
      await client.query('select pg_reload_conf()')
      await sleep(RELOAD_MS)
      await untilReplicated(client, replica.name)
    })
  }

  return {
    /** Both, in an order that does not tell which is the primary. */
    url: `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join()}/postgres?target_session_attrs=read-write`,
    primaryUrl: (): string => primary.url,

    /** The first time, starts a primary. Then promotes the replica of the one that was killed. */
    async start(): Promise<void> {
      if (hasBegun) {
        await replica.promote()
        ;[primary, replica] = [replica, primary]
      } else {
        await primary.create()
        await start(primary)
      }
      hasBegun = true
    },

    /** SIGKILL to the primary, once there is a replica that has all that was acknowledged. */
    async kill(): Promise<void> {
      await replicate()
      kill(primary)
    },

    async [Symbol.asyncDispose](): Promise<void> {
      for (const node of running) kill(node)
      await rm(parent, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Waits until the replica has all that the primary has now, and commits wait for it from now on. */
async function untilReplicated(client: Client, standby: string): Promise<void> {
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn')
  for (const start = performance.now(); performance.now() - start < REPLICATION_TIMEOUT_MS; await sleep(50)) {
    const found = await client.query<{ sync_state: string; isFlushed: boolean }>(STANDBY, [rows[0]?.lsn, standby])
    if (found.rows[0]?.sync_state === 'sync' && found.rows[0].isFlushed) return
  }
  throw new Error(`${standby} does not follow its primary.`)
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
