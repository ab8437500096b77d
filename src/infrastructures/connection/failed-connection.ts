import { identifyServer } from './identify-server.ts'
import { ServerSetupError } from './server-setup-error.ts'
import { tlsSetupError } from './tls-setup-error.ts'

/** The protocol of a client, its default port, and whether its TLS connections start with TLS. */
type Client = Readonly<{ protocol: 'AMQP' | 'NATS' | 'Redis' | 'Kafka'; port: number; startsWithTls: boolean }>

/** Network errors without a connection; a reset is none of them, because a server of another kind may send it. */
const UNREACHABLE = /^E(CONNREFUSED|NOTFOUND|AI_\w+|HOSTUNREACH|NETUNREACH|HOSTDOWN|ADDRNOTAVAIL)$/

/**
 * The error of a failed connection if all later attempts would fail, too: TLS on one side only, or a server of another kind.
 * Null when the cause may be transient.
 */
export async function toSetupError(cause: unknown, url: URL, client: Client): Promise<ServerSetupError | null> {
  const setupError = tlsSetupError(cause)
  if (setupError !== null || UNREACHABLE.test(codeOf(cause))) return setupError

  const { protocol, startsWithTls, port } = client
  const found = await identifyServer(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port) || port)
  if (found === null || found === (startsWithTls ? 'TLS' : protocol)) return null
  if (found === protocol) return new ServerSetupError('the server does not speak TLS on this port', '', { cause })
  return new ServerSetupError(`what listens there speaks ${found}, not ${protocol}`, '', { cause })
}

/** That of the error, or of its cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error ? String(error.code) : codeOf(error.cause)
}
