import { createClient } from 'redis'
import { ReplyTimeout } from './with-timeout.ts'

/** While so many commands are unanswered, further ones fail at once. */
const MAX_PENDING_COMMANDS = 10_000

export type Client = ReturnType<typeof clientOf>

/** A client that is connected; `failed` resolves with its first error. */
export type OpenClient<Ready> = Readonly<{ client: Client; failed: Promise<Error>; ready: Ready }>

/** `reconnectStrategy: false`, because commands that wait for a later connection would arrive too late. */
const clientOf = (url: string, connectMs: number) =>
  createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_PENDING_COMMANDS,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout: connectMs, reconnectStrategy: false },
  })

/**
 * Connects to one server, and asks it what the connection needs to be `ready`. Times out if the server cannot be reached, or
 * accepts a connection and then does not reply.
 */
export async function openClient<Ready>(
  url: string,
  connectMs: number,
  prepare: (client: Client) => Promise<Ready>,
): Promise<OpenClient<Ready>> {
  const client = clientOf(url, connectMs)
  let first: Error | null = null
  const fail = (error: Error) => {
    first ??= error
  }
  const failed = new Promise<Error>((resolve) => client.on('error', fail).on('error', resolve))
  const timeout = setTimeout(() => {
    fail(new ReplyTimeout(`No answer within ${2 * connectMs} ms.`))
    client.destroy()
  }, 2 * connectMs)
  try {
    await client.connect()
    return { client, failed, ready: await prepare(client) }
  } catch (error) {
    client.destroy()
    throw first ?? error // later errors only say that the connection is closed
  } finally {
    clearTimeout(timeout)
  }
}
