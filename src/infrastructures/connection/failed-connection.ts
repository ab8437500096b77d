import { identifyServer } from './identify-server.ts'
import { ServerSetupError } from './server-setup-error.ts'
import { tlsSetupError } from './tls-setup-error.ts'

/** What a client speaks, where its servers listen, and whether TLS comes before all else where the URL asks for it. */
type Client = Readonly<{ protocol: 'AMQP' | 'NATS' | 'Redis' | 'Kafka'; port: number; startsWithTls: boolean }>

/** The network's own word on why there is no connection; a reset may as well be a server that does not understand. */
const UNREACHABLE = /^E(CONNREFUSED|NOTFOUND|AI_\w+|HOSTUNREACH|NETUNREACH|HOSTDOWN|ADDRNOTAVAIL)$/

/**
 * What a failed attempt to connect means where every later one fails alike: TLS is not agreed on, or a server of another
 * kind listens there. Null when the cause may pass.
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
