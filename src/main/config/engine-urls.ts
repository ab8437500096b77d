import type { AuthorizationChoice } from '../../infrastructures/authorization/open-authorization.ts'
import type { CacheChoice } from '../../infrastructures/cache/open-cache.ts'
import { SETTINGS_FILE } from '../../infrastructures/configuration/file/settings-file.ts'
import type { SettingsChoice } from '../../infrastructures/configuration/open-settings-source.ts'
import { firstServer, serverUrls } from '../../infrastructures/connection/server-urls.ts'
import { InvalidKafkaUrl, parseKafkaUrl } from '../../infrastructures/message-queue/kafka/kafka-url.ts'
import { InvalidNatsUrl, parseNatsOptions } from '../../infrastructures/message-queue/nats/nats-url.ts'
import type { QueueChoice } from '../../infrastructures/message-queue/open-message-queue.ts'
import {
  InvalidDatabaseUrl as InvalidMariadbUrl,
  parseDatabaseUrl as parseMariadbUrl,
} from '../../infrastructures/store/mariadb/database-url.ts'
import { InvalidMongodbUrl, parseMongodbUrl } from '../../infrastructures/store/mongodb/mongodb-url.ts'
import type { StoreChoice } from '../../infrastructures/store/open-store.ts'
import { InvalidDatabaseUrl, parseDatabaseUrl } from '../../infrastructures/store/postgres/database-url.ts'
import { type Parser, reject } from './parsers.ts'

/** Which database to use: `memory:`, `sqlite:<file>`, `postgres://…`, `mariadb://…`, `mysql://…` or `mongodb://…`. */
export const databaseUrl: Parser<StoreChoice> = (text) => {
  if (text === 'memory:') return { kind: 'memory' }
  if (/^sqlite:./.test(text)) return { kind: 'sqlite', file: text.slice('sqlite:'.length) }
  try {
    return serverDatabase(text)
  } catch (error) {
    return reject(WRONG_URLS.some((Wrong) => error instanceof Wrong) ? (error as Error).message : DATABASES)
  }
}

const WRONG_URLS = [InvalidDatabaseUrl, InvalidMariadbUrl, InvalidMongodbUrl]
const DATABASES = 'must be memory:, sqlite:<file>, or postgres://, mariadb://, mysql:// or mongodb://<host>/<database>'

function serverDatabase(text: string): StoreChoice {
  if (/^postgres(ql)?:\/\//.test(text)) return parseDatabaseUrl(text) && { kind: 'postgres', url: text }
  if (/^(mariadb|mysql):\/\//.test(text)) return parseMariadbUrl(text) && { kind: 'mariadb', url: text }
  if (/^mongodb(\+srv)?:\/\//.test(text)) return parseMongodbUrl(text) && { kind: 'mongodb', url: text }
  return reject(DATABASES)
}

/** Which cache to use: `none:`, `memory:` or `redis://…`, of a cluster or of Sentinels with several hosts. */
export const cacheUrl: Parser<CacheChoice> = (text) => {
  if (text === 'none:' || text === 'memory:') return { kind: text === 'none:' ? 'none' : 'memory' }
  if (!/^rediss?:\/\//.test(text)) reject('must be none:, memory: or redis://<host>')
  const url = clusterUrl(text)
  const { pathname, searchParams } = firstServer(url)
  if (!/^\/?\d*$/.test(pathname)) reject('must name its database by a number, such as redis://<host>/0')
  const sentinel = searchParams.get('sentinel')
  if (sentinel === '') reject('must name the master as sentinel')
  if (sentinel === null && serverUrls(url).length > 1 && /[1-9]/.test(pathname))
    reject('must name database 0 of a cluster, or none')
  return { kind: 'redis', url }
}

/** Which message queue to use: `memory:`, `nats://…`, `amqp://…` or `kafka://…`. */
export const queueUrl: Parser<QueueChoice> = (text) => {
  if (text === 'memory:') return { kind: 'memory' }
  if (/^(nats|tls):\/\//.test(text)) return natsUrl(text)
  if (/^amqps?:\/\//.test(text)) return { kind: 'rabbitmq', url: clusterUrl(text) }
  if (/^kafkas?:\/\//.test(text)) return kafkaUrl(text)
  return reject('must be memory:, nats://<host>, amqp://<host> or kafka://<host>')
}

function natsUrl(text: string): QueueChoice {
  const url = clusterUrl(text)
  try {
    parseNatsOptions(url)
    return { kind: 'nats', url }
  } catch (error) {
    return reject(error instanceof InvalidNatsUrl ? error.message : 'cannot be read')
  }
}

function kafkaUrl(text: string): QueueChoice {
  try {
    parseKafkaUrl(text)
    return { kind: 'kafka', url: text }
  } catch (error) {
    return reject(error instanceof InvalidKafkaUrl ? error.message : 'cannot be read')
  }
}

/** How the names that an installation uses on shared servers begin. Its own names must not be those of another prefix. */
export const namePrefix: Parser<string> = (text) => {
  if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(text) || text.length > 64)
    reject('must be at most 64 lower-case letters and digits, in words with a hyphen between them')
  return OWN_ENDINGS.test(text) ? reject('must not end with -consumers or -dead-letters') : text
}

const OWN_ENDINGS = /-(consumers|dead-letters)$/

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/

/** Which authorization to use: `builtin:`, or `openfga://<host>?store=…&model=…` (`openfgas://` with TLS). */
export const authorizationUrl: Parser<AuthorizationChoice> = (text) => {
  if (text === 'builtin:') return { kind: 'builtin' }
  if (!/^openfgas?:\/\//.test(text)) reject('must be builtin: or openfga://<host>?store=<id>&model=<id>')
  const { protocol, host, pathname, search, username, password } = serverUrl(text)
  if (username !== '' || password !== '') reject('must have no credentials: AUTHORIZATION_TOKEN has the key')
  if (!['', '/'].includes(pathname)) reject('must have no path')
  const server = URL.parse(`${protocol === 'openfgas:' ? 'https' : 'http'}://${host}`)
  if (server === null) return reject('must be a URL with a host')
  const ids = new URLSearchParams(search)
  const [store, model] = [ids.getAll('store'), ids.getAll('model')]
  if (ids.size !== store.length + model.length) reject('must have no parameters but store and model')
  if (store.length > 1 || model.length > 1) reject('must name store and model once')
  if (![...store, ...model].every((id) => ULID.test(id))) reject('must name store and model by their ids')
  return { kind: 'openfga', url: server.origin, store: store[0] ?? null, model: model[0] ?? null }
}

/** The source of settings: `consul://<host>/<prefix>` (`consuls://` with TLS), or a file, whose extension tells its format. */
export const configUrl: Parser<SettingsChoice> = (text) => {
  if (/^consuls?:\/\//.test(text)) return consulUrl(text)
  if (/^(?!file:)[a-z][a-z\d+.-]*:\/\//i.test(text)) reject('must be consul://<host>/<prefix> or a file')
  if (!SETTINGS_FILE.test(text)) reject('must name a file that ends with .json, .yaml, .yml or .env')
  return { kind: 'file', path: text.replace(/^file:(?:\/\/(?=\/))?/, '') }
}

const CONSUL_PORTS = { consul: 8500, consuls: 8501 }

function consulUrl(text: string): SettingsChoice {
  const { protocol, hostname, port, pathname, search, username, password } = serverUrl(text)
  if (username !== '' || password !== '') reject('must have no credentials: CONFIG_TOKEN has the token')
  if (search !== '') reject('must have no parameters')
  const prefix = decodedPath(pathname).replace(/^\/+|\/+$/g, '')
  if (prefix === '') reject('must name a prefix of keys, such as consul://<host>/forum')
  const isSecure = protocol === 'consuls:'
  const address = `${hostname}:${port || CONSUL_PORTS[isSecure ? 'consuls' : 'consul']}`
  return { kind: 'consul', url: `${isSecure ? 'https' : 'http'}://${address}`, prefix }
}

function decodedPath(path: string): string {
  return isEncoded(path) ? decodeURIComponent(path) : reject('must encode % as %25')
}

/** One server, or several of a cluster: `nats://a:4222,b:4222`. */
function clusterUrl(text: string): string {
  const [first, ...others] = serverUrls(text).map(serverUrl)
  return first !== undefined && others.length === 0 ? first.href : text
}

/** A server that a client can find, under credentials that it can read. */
function serverUrl(text: string): URL {
  const server = URL.parse(text)
  if (server === null || server.hostname === '') return reject('must be a URL with a host')
  if (server.hash !== '') reject('must have no fragment: in a password, write # as %23')
  if (!isEncoded(server.username + server.password)) reject('must encode what is special in a password: % as %25')
  return server
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
