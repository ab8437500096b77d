import { ErrorReply } from 'redis'
import { toSetupError } from '../../connection/failed-connection.ts'
import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { firstServer } from '../../connection/server-urls.ts'
import { tlsSetupError } from '../../connection/tls-setup-error.ts'
import { ReplyTimeout } from './with-timeout.ts'

/** Errors that Redis returns until an operator acts, and their meaning. */
const SETUP_ERRORS: readonly (readonly [RegExp, string])[] = [
  [/^NOAUTH/, 'the server wants a password'],
  [/^(WRONGPASS|ERR invalid password)/, 'the server refuses the credentials'],
  [/^NOPERM/, 'the user may not do what is needed'],
  [/^ERR (DB index is out of range|invalid DB index|SELECT is not allowed)/, 'there is no such database'],
  [/^ERR unknown command.+HELLO/i, 'the server is too old: Redis 6 or later, or Valkey, is needed'],
  [/^DENIED/, 'the server is in protected mode'],
]

/** The error that lasts until an operator acts; null for all others, such as that Redis is still loading. */
export function setupErrorIn(reply: unknown): ServerSetupError | null {
  if (!(reply instanceof ErrorReply)) return null
  const [, meaning] = SETUP_ERRORS.find(([pattern]) => pattern.test(reply.message)) ?? []
  if (meaning === undefined) return null
  return new ServerSetupError(`${meaning} (${reply.message.split(/[.,]/, 1)})`, '', { cause: reply })
}

/** Another server has the keys by now, or none: the next connection finds it. */
export const isElsewhere = ({ message }: ErrorReply): boolean => /^(MOVED|CLUSTERDOWN|READONLY)/.test(message)

/** What a failed first connection means: an error that lasts until an operator acts, or a server that is down. */
export async function toConnectError(cause: unknown, url: string): Promise<unknown> {
  if (cause instanceof ServerSetupError) return cause
  if (cause instanceof ErrorReply || cause instanceof ReplyTimeout) return setupErrorIn(cause) ?? cause
  const address = firstServer(url)
  const client = { protocol: 'Redis', port: 6379, startsWithTls: address.protocol === 'rediss:' } as const
  return (await toSetupError(cause, address, client)) ?? cause
}

/** The same, from the error alone. */
export const toReconnectError = (cause: unknown): unknown => setupErrorIn(cause) ?? tlsSetupError(cause) ?? cause
