import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { refusalOf } from '../../connection/failed-connection.ts'
import { QueueRefused } from '../queue-options.ts'
import { whyVhostIsRefused } from './refused-vhost.ts'
import { translate } from './topology.ts'

/** What the library says where the server closes a connection instead of opening its virtual host. */
const NOT_OPENED = /^Expected ConnectionOpenOk; got <ConnectionClose\b/

/** What a failed attempt to connect means: a refusal that stands until an operator acts, or a server that is away. */
export async function whyNotConnected(cause: Error, url: URL): Promise<Error> {
  if (NOT_OPENED.test(cause.message)) return refusedVhost(cause, url)
  const meaning = translate(cause)
  if (meaning instanceof QueueRefused) return meaning
  return (await refusalOf(cause, url, { protocol: 'AMQP', port: portOf(url), startsWithTls: isTls(url) })) ?? meaning
}

/** A virtual host that is down, or has all the connections that it may have, opens by itself. */
async function refusedVhost(cause: Error, url: URL): Promise<Error> {
  const vhost = decodeURIComponent(url.pathname.slice(1)) || '/'
  const said = (await whyVhostIsRefused(url, vhost))?.replace(/^[A-Z_]+ - /, '') ?? null
  if (said === null || /limit|is down|internal error/i.test(said)) {
    return new DependencyUnavailable('message queue', { cause: said === null ? cause : new Error(said, { cause }) })
  }
  return new QueueRefused(/ not found$/.test(said) ? `vhost '${vhost}' not found` : said, '', { cause })
}

const isTls = ({ protocol }: URL): boolean => protocol === 'amqps:'

const portOf = (url: URL): number => (isTls(url) ? 5671 : 5672)
