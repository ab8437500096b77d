import { createClient } from 'redis'
import { ownEngine } from './own-engine.ts'

/** A Redis of its own, to be killed, paused and filled up by one suite. What it has saved is there after a restart. */
export async function startRedisServer() {
  const server = await ownEngine('redis')
  await server.start()

  /** What a command answers, on a connection of its own. */
  async function command(...words: readonly string[]): Promise<unknown> {
    const client = createClient({ url: server.url, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect()
    try {
      return await client.sendCommand(words)
    } finally {
      client.destroy()
    }
  }

  return { ...server, command }
}
