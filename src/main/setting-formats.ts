import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { type Network, parseNetwork } from '../controllers/http/client/networks.ts'
import { isPublicPath } from '../controllers/http/client/public-base.ts'
import type { CacheChoice } from '../infrastructures/cache/open-cache.ts'
import type { QueueChoice } from '../infrastructures/message-queue/open-message-queue.ts'
import {
  parseDatabaseUrl as parseMariadbUrl,
  WrongUrl as WrongMariadbUrl,
} from '../infrastructures/store/mariadb/database-url.ts'
import type { StoreChoice } from '../infrastructures/store/open-store.ts'
import { parseDatabaseUrl, WrongUrl } from '../infrastructures/store/postgres/database-url.ts'
import { integer, type Reader, refuse, url } from './settings.ts'

/** Where to listen: an address, or a name of this machine. */
export const host: Reader<string> = (text) =>
  isIP(text) > 0 || /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(text)
    ? text
    : refuse('must be an address or a host name')

/** Which database to use: `memory:`, `sqlite:<file>`, `postgres://…`, `mariadb://…` or `mysql://…`. */
export const databaseUrl: Reader<StoreChoice> = (text) => {
  if (text === 'memory:') return { kind: 'memory' }
  if (/^sqlite:./.test(text)) return { kind: 'sqlite', file: text.slice('sqlite:'.length) }
  const [scheme, postgres] = /^(?:(postgres)(?:ql)?|mariadb|mysql):\/\//.exec(text) ?? []
  if (scheme === undefined)
    refuse('must be memory:, sqlite:<file>, or postgres://, mariadb:// or mysql://<host>/<database>')
  try {
    if (postgres) parseDatabaseUrl(text)
    else parseMariadbUrl(text)
    return { kind: postgres ? 'postgres' : 'mariadb', url: text }
  } catch (error) {
    const isKnown = error instanceof WrongUrl || error instanceof WrongMariadbUrl
    return refuse(isKnown ? error.message : 'cannot be read')
  }
}

/** Which cache to use: `none:`, `memory:` or `redis://…`. */
export const cacheUrl: Reader<CacheChoice> = (text) => {
  if (text === 'none:' || text === 'memory:') return { kind: text === 'none:' ? 'none' : 'memory' }
  if (!/^rediss?:\/\//.test(text)) refuse('must be none:, memory: or redis://<host>')
  const server = serverUrl(text)
  if (!/^\/?\d*$/.test(server.pathname)) refuse('must name its database by a number, such as redis://<host>/0')
  return { kind: 'redis', url: server.href }
}

/** Which message queue to use: `memory:`, `nats://…` or `amqp://…`. */
export const queueUrl: Reader<QueueChoice> = (text) => {
  if (text === 'memory:') return { kind: 'memory' }
  if (text.startsWith('kafka://')) refuse('starts with kafka://, which this version does not speak yet')
  if (/^(nats|tls):\/\//.test(text)) return { kind: 'nats', url: serverUrl(text).href }
  if (/^amqps?:\/\//.test(text)) return { kind: 'rabbitmq', url: serverUrl(text).href }
  return refuse('must be memory:, nats://<host> or amqp://<host>')
}

/** A server that a client can find, under credentials that it can read. */
function serverUrl(text: string): URL {
  const server = URL.parse(text)
  if (server === null || server.hostname === '') return refuse('must be a URL with a host')
  if (server.hash !== '') refuse('must have no fragment: in a password, write # as %23')
  if (!isEncoded(server.username + server.password)) refuse('must encode what is special in a password: % as %25')
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

/** An issuer as its tokens name it. In production it is reached by https, or is on this machine. */
export const httpIssuer =
  (isProduction: boolean): Reader<string> =>
  (text) => {
    const { protocol, hostname, search, hash, username } = url('http:', 'https:')(text)
    const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    if (search !== '' || hash !== '' || username !== '') refuse('must have no query, fragment or credentials')
    if (isProduction && protocol === 'http:' && !isLocal) refuse('must start with https:// in production')
    return text
  }

/** The address under which clients reach the service: an http(s) URL with or without a path, without a slash at the end. */
export const publicUrl: Reader<string> = (text) => {
  const { origin, pathname, search, hash, username } = url('http:', 'https:')(text)
  if (search !== '' || hash !== '' || username !== '') refuse('must have no query, fragment or credentials')
  if (!isPublicPath(pathname)) refuse('must have a path of letters, digits and -._~% in segments, such as /forum')
  return origin + pathname.replace(/\/$/, '')
}

/** Addresses and networks, separated by commas. Says which one is wrong by its position. */
export const networks: Reader<readonly Network[]> = (text) =>
  text.split(',').map((part, at) => {
    const network = parseNetwork(part.trim())
    return network ?? refuse(`must be a list of addresses and networks such as 10.0.0.0/8: entry ${at + 1} is neither`)
  })

/** An origin of a web page, such as https://forum.example.org. */
export const origin: Reader<string> = (text) => {
  const parsed = url('http:', 'https:')(text)
  return parsed.origin === text ? text : refuse('must be a list of origins such as https://forum.example.org')
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, sec: 1, min: 60, h: 3_600, hour: 3_600 }

/** So many requests in a time, such as 600/min, or `off`. */
export const rateLimit: Reader<Readonly<{ requests: number; seconds: number }> | null> = (text) => {
  if (text === 'off') return null
  const [, requests, unit] = /^([1-9]\d{0,8})\/(s|sec|min|h|hour)$/.exec(text) ?? []
  const seconds = SECONDS[unit ?? '']
  return seconds === undefined ? refuse('must be such as 600/min, or off') : { requests: Number(requests), seconds }
}

const MAX_WORKERS = 256
const workerCount = integer(1, MAX_WORKERS)

/** How many processes share the ports: a number, or one for each core. */
export const workers: Reader<number> = (text) => (text === 'cores' ? availableParallelism() : workerCount(text))
