import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type Protocol = 'HTTP' | 'AMQP' | 'NATS' | 'Redis' | 'TLS'

const TIMEOUT_MS = 500

/** Sent to a server that does not speak first: a command of Redis, and for all others an error that they answer. */
const PROBE = 'PING\r\n\r\n'

/** How an answer begins, read as Latin-1. */
const RESPONSE_PATTERNS: readonly (readonly [Protocol, RegExp])[] = [
  ['HTTP', /^HTTP\/\d/],
  ['AMQP', /^AMQP/],
  ['NATS', /^INFO \{/],
  ['Redis', /^(\+PONG|-[A-Z]+ )/],
]

/** Which protocol a server speaks on a port; null when it is none of these, or does not answer in time. */
export async function identifyServer(host: string, port: number): Promise<Protocol | null> {
  const plain = connect({ host, port })
  plain.on('connect', () => plain.write(PROBE))
  const response = await responseOf(plain, 'data')
  if (response instanceof Buffer) return protocolOf(response.toString('latin1'))
  if (response === 'silent') return null
  const secure = connectTls({ host, port, rejectUnauthorized: false })
  return (await responseOf(secure, 'secureConnect')) instanceof Buffer ? 'TLS' : null
}

const protocolOf = (response: string): Protocol | null =>
  RESPONSE_PATTERNS.find(([, beginning]) => beginning.test(response))?.[0] ?? null

/** The value of an event, or the error instead of it. */
function responseOf(socket: Socket, event: 'data' | 'secureConnect'): Promise<Buffer | 'silent' | 'closed'> {
  return new Promise<Buffer | 'silent' | 'closed'>((resolve) => {
    socket.setTimeout(TIMEOUT_MS, () => resolve('silent'))
    socket.on('error', () => resolve('closed'))
    socket.on('close', () => resolve('closed'))
    socket.once(event, (bytes = Buffer.alloc(0)) => resolve(bytes))
  }).finally(() => socket.destroy())
}
