import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { toSetupError } from '../../connection/failed-connection.ts'
import { QueueSetupError } from '../queue-options.ts'
import { translate } from './topology.ts'
import { readVhostError } from './vhost-error.ts'

/** The library's message when the server closes a connection instead of opening its virtual host. */
const NOT_OPENED = /^Expected ConnectionOpenOk; got <ConnectionClose\b/

/** What a failed attempt to connect means: an error that lasts until an operator acts, or a server that is down. */
export async function toConnectError(cause: Error, url: URL): Promise<Error> {
  if (NOT_OPENED.test(cause.message)) return vhostError(cause, url)
  const meaning = translate(cause)
  if (meaning instanceof QueueSetupError) return meaning
  return (await toSetupError(cause, url, { protocol: 'AMQP', port: portOf(url), startsWithTls: isTls(url) })) ?? meaning
}

/** A virtual host that is down, or at its limit of connections, can be opened later. */
async function vhostError(cause: Error, url: URL): Promise<Error> {
  const vhost = decodeURIComponent(url.pathname.slice(1)) || '/'
  const reason = (await readVhostError(url, vhost))?.replace(/^[A-Z_]+ - /, '') ?? null
  if (reason === null || /limit|is down|internal error/i.test(reason)) {
    return new DependencyUnavailable('message queue', { cause: reason === null ? cause : new Error(reason, { cause }) })
  }
  return new QueueSetupError(/ not found$/.test(reason) ? `vhost '${vhost}' not found` : reason, '', { cause })
}

const isTls = ({ protocol }: URL): boolean => protocol === 'amqps:'

const portOf = (url: URL): number => (isTls(url) ? 5671 : 5672)
