import { decode } from '../decode-url.ts'

/** What is wrong with a URL of MariaDB or MySQL. Names the part, never a secret. */
export class InvalidDatabaseUrl extends Error {}

export type DatabaseUrl = Readonly<{
  product: 'MariaDB' | 'MySQL'
  host: string
  port: number
  user: string
  password: string
  database: string
  tls: false | { rejectUnauthorized: boolean }
  /** Without credentials and parameters: `db:3306/forum`. */
  place: string
}>

const MODES = ['disabled', 'required', 'verify-identity']

/**
 * Reads `mariadb://user:password@host:3306/database?ssl-mode=verify-identity`, or the same as `mysql://…`.
 *
 * @throws {InvalidDatabaseUrl}
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const url = URL.parse(text)
  const database = decode(url?.pathname.slice(1) ?? '')
  if (url === null || url.hostname === '') throw new InvalidDatabaseUrl('must be a URL with a host')
  if (database === '' || database.includes('/'))
    throw new InvalidDatabaseUrl('must name a database: mariadb://<host>/<database>')
  if (url.hash !== '') throw new InvalidDatabaseUrl('must have no fragment: in a password, write # as %23')
  return {
    product: url.protocol === 'mysql:' ? 'MySQL' : 'MariaDB',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 3306),
    user: decode(url.username),
    password: decode(url.password),
    database,
    tls: tlsOf(url.searchParams),
    place: `${url.host}/${database}`,
  }
}

/** Host and database, for people; nothing secret. */
export const nameOf = (text: string): string => {
  const { product, place } = parseDatabaseUrl(text)
  return `${product}, ${place}`
}

/** As the clients of both name it. Authorities beside those of Node.js are named by NODE_EXTRA_CA_CERTS. */
function tlsOf(parameters: URLSearchParams): DatabaseUrl['tls'] {
  const { 'ssl-mode': mode = 'disabled', ...others } = Object.fromEntries(parameters)
  if (Object.keys(others).length > 0) throw new InvalidDatabaseUrl('must have no parameter but ssl-mode')
  if (!MODES.includes(mode)) throw new InvalidDatabaseUrl(`must have ssl-mode as one of ${MODES.join(', ')}`)
  return mode === 'disabled' ? false : { rejectUnauthorized: mode === 'verify-identity' }
}
