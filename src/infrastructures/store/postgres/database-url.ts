import { decode } from '../decode-url.ts'
import { checkParameters, type Parameters, readParameters } from './url-parameters.ts'

/** What is wrong with a URL of PostgreSQL. Names the part, never a secret. */
export class InvalidDatabaseUrl extends Error {}

/** A name or an address, or the folder of a Unix socket, which starts with a slash. */
export type Host = Readonly<{ name: string; port: number }>

/** Where the database is, and how it is reached. */
export type DatabaseUrl = Readonly<{
  /** In the order in which they are tried. */
  hosts: readonly Host[]
  user: string | undefined
  password: string | undefined
  database: string | undefined
  parameters: Parameters
  /** Without credentials and parameters: `db:5432/forum`. */
  place: string
  /** Each with its port, without the database: `db:5432`. */
  servers: string
}>

type Parts = Readonly<{ credentials?: string; hosts: string; database?: string; query?: string }>

/** What is special in a URL is encoded, as it should be. */
const STRICT = /^(?:(?<credentials>[^@/?#]*)@)?(?<hosts>[^@/?#]*)(?:\/(?<database>[^@/?#]*))?(?:\?(?<query>[^#]*))?$/

/** Credentials hold everything raw, up to the last `@`. */
const RAW = /^(?<credentials>.*)@(?<hosts>[^@/?#]*)(?:\/(?<database>[^@/?#]*))?(?:\?(?<query>[^@#]*))?$/s

const DEFAULT_PORT = 5432

/**
 * Reads `postgres://user:password@host:5432/database?sslmode=…`, as libpq does, and besides a password whose special
 * characters are not encoded.
 *
 * @throws {InvalidDatabaseUrl}
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const rest = text.replace(/^postgres(ql)?:\/\//, '')
  const [strict, raw] = [STRICT, RAW].map((form) => form.exec(rest)?.groups as Parts | undefined)
  if (raw === undefined) return build(strict ?? fail('must be postgres://<user>:<password>@<host>:<port>/<database>'))
  try {
    return build(strict ?? raw)
  } catch (error) {
    if (strict === undefined || strict.hosts === raw.hosts) throw error
    return build(raw) // `?` and digits in a password may look like a port and parameters
  }
}

/** Host and database, for people; nothing secret. */
export const hostAndDatabase = (text: string): string => parseDatabaseUrl(text).place

function build({ credentials = '', hosts: named, database: path = '', query = '' }: Parts): DatabaseUrl {
  const parameters = readParameters(query, decode)
  const [user = '', ...password] = credentials.split(':')
  const database = parameters['dbname'] ?? decode(path)
  const problem = checkParameters(parameters)
  if (problem !== null) fail(problem)
  const places = named === '' || parameters['host'] !== undefined ? hostsOfParameters(parameters, named) : named
  const hosts = places.split(',').map(readHost)

  return {
    hosts,
    user: parameters['user'] ?? (decode(user) || undefined),
    password: parameters['password'] ?? (decode(password.join(':')) || undefined),
    database: database || undefined,
    parameters,
    servers: hosts.map(({ name, port }) => `${name.includes(':') ? `[${name}]` : name}:${port}`).join(','),
    place: database ? `${places}/${database}` : places,
  }
}

/** `?host=a,b&port=1,2`: one port for each host, or one for all. */
function hostsOfParameters({ host = 'localhost', port }: Parameters, hosts: string): string {
  const names = host.split(',')
  const ports = port?.split(',') ?? [/:(\d+)$/.exec(hosts)?.[1]]
  if (ports.length !== 1 && ports.length !== names.length) fail('must name one port for each of its hosts')
  return names
    .map((name, index) => {
      const own = ports.length === 1 ? ports[0] : ports[index]
      return own ? `${name.includes(':') && !name.startsWith('/') ? `[${name}]` : name}:${own}` : name
    })
    .join()
}

function readHost(text: string): Host {
  const [, name = '', port = String(DEFAULT_PORT)] = /^(\[[^\]]*\]|[^:[\]]*)(?::([^:]*))?$/.exec(text) ?? fail(BAD_HOST)
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0
  if (number < 1 || number > 65_535) fail('must name a port from 1 to 65535')
  const plain = decode(name.replace(/^\[(.*)\]$/, '$1'))
  if (plain === '' || /[\s@?#]/.test(plain)) fail(BAD_HOST)
  return { name: plain, port: number }
}

const BAD_HOST = 'must name a host, or several: postgres://<host>:<port>,<host>:<port>/<database>'

function fail(problem: string): never {
  throw new InvalidDatabaseUrl(problem)
}
