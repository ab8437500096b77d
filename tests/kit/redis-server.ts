import { createClient } from 'redis'
import { ownEngine } from './own-engine.ts'

/** A Redis of its own, to be killed, paused and filled up by one suite. What it has saved is there after a restart. */
export async function startRedisServer() {
  const server = await ownEngine('redis')
  await server.start()

  /** What a command answers, on a connection of its own. */
  const command = (...words: readonly string[]): Promise<unknown> => sendOnce({ url: server.url }, words)

  return { ...server, command }
}

/** What a command answers, on a connection of its own. */
export async function sendOnce(
  options: Readonly<{ url: string; RESP?: 2 | 3 }>,
  words: readonly string[],
): Promise<unknown> {
  const client = createClient({ ...options, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.sendCommand(words)
  } finally {
    client.destroy()
  }
}
