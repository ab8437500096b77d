import { ENTRY_TTL_MS, namespaceOf, type WindowUsage } from '../cache.ts'
import type { Client } from './open-client.ts'
import { openServer, type Server, type ServerOptions } from './open-server.ts'
import type { Invalidation } from './pending-invalidations.ts'
import { COUNT, FILL, READ, type Script } from './scripts.ts'

/** An open connection; after the first error it is destroyed, and another one opened. */
export type Connection = Awaited<ReturnType<typeof connectRedis>>

export type ConnectionOptions = ServerOptions & Readonly<{ release: string }>

const NAMESPACE_TTL_MS = 86_400_000

/** Connects to the server that has the entries. @throws {ServerSetupError} when it is not what the URL says */
export async function connectRedis({ release, ...options }: ConnectionOptions) {
  const { client, failed, ...names } = await openServer(options)
  return { ...commandsOf(client, names, release), failed, destroy: () => client.destroy() }
}

/** A restarted server may have loaded stale entries: the run id is part of the names, so they are not used. */
function commandsOf(client: Client, { root, runId }: Pick<Server, 'root' | 'runId'>, release: string) {
  const prefix = `${root}:cache:${runId}`
  const entryKeyOf = (key: string): string => `${prefix}:copy:${JSON.stringify(key)}`
  const versionKeyOf = (namespace: string): string => `${prefix}:era:${JSON.stringify(namespace)}`

  return {
    /** The entry or lease of each key, as {@link READ} returns it. `token` must be unique. */
    async read(keys: readonly string[], known: readonly string[], token: string): Promise<readonly unknown[]> {
      const names = keys.flatMap((key) => [versionKeyOf(namespaceOf(key)), entryKeyOf(key)])
      const lifetimes = [String(ENTRY_TTL_MS), String(NAMESPACE_TTL_MS)]
      const answers = await evaluate(client, READ, names, [token, encodeURIComponent(release), ...lifetimes, ...known])
      if (!Array.isArray(answers) || answers.length !== keys.length)
        throw new TypeError('The server does not answer as Redis does.')
      return answers
    },

    /** Stores a payload under its lease; true if the lease was still valid. */
    fill: async (key: string, lease: string, payload: string, lifetimeMs: number): Promise<boolean> =>
      (await evaluate(client, FILL, [entryKeyOf(key)], [lease, payload, String(lifetimeMs)])) === 1,

    invalidate: async ({ keys, namespaces }: Invalidation): Promise<void> => {
      const names = [...keys.map(entryKeyOf), ...namespaces.map(versionKeyOf)]
      if (names.length > 0) await client.unlink(names)
    },

    async count(key: string, seconds: number): Promise<WindowUsage> {
      const name = `${root}:count:${seconds}:${JSON.stringify(key)}`
      const reply = await evaluate(client, COUNT, [name], [String(seconds * 1000)])
      const [used, resetsInMs] = Array.isArray(reply) ? reply : []
      if (typeof used !== 'number' || typeof resetsInMs !== 'number') throw new TypeError('The reply is not a count.')
      return { used, resetsInMs }
    },

    async ping(): Promise<void> {
      if ((await client.ping()) !== 'PONG') throw new TypeError('The server does not answer as Redis does.')
    },
  }
}

/** Sends a script by its digest, and as text if the server does not know it. */
async function evaluate(
  client: Client,
  { sha1, text }: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args]
  try {
    return await client.sendCommand(['EVALSHA', sha1, ...rest])
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return client.sendCommand(['EVAL', text, ...rest])
  }
}
