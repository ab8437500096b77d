import { Socket } from 'node:net'
import { Client, type ClientConfig, type CustomTypesConfig, types } from 'pg'
import { memoizeLast } from '../../../patterns/memoize-last.ts'
import { PRODUCT } from '../../../patterns/product.ts'
import { isNoAnswer, isNoTls, PostgresFailure, ReadOnlyServer, UnsupportedServer } from './connection-errors.ts'
import type { DatabaseUrl, Host } from './database-url.ts'
import { type Limits, pooledBegin, sessionProbe } from './session-settings.ts'
import { type SslOption, sslOptionsOf } from './tls.ts'

/** A connection that statements can be sent on. */
export type Session = Readonly<{
  client: Client
  /** Call before writing: all writes of one turn of the event loop are sent in one piece. */
  cork: () => void
  /** Whether a pooler is in between, so that two transactions may run on different sessions. */
  isPooled: boolean
  isReadOnly: boolean
  /** How a transaction begins. */
  begin: string
  openedAt: number
}>

export type SessionOptions = Readonly<{
  limits: Limits
  /** The time-out of a reply; after it the connection is closed. */
  queryTimeoutMs?: number
  connectTimeoutMs: number
  /** Treats it as pooled in any case. */
  isPooled?: boolean
}>

type Opening = Readonly<{ url: DatabaseUrl; options: SessionOptions }>

const MIN_VERSION = 150_000
/** A pooler accepts connections even while there is no server behind it. */
const PROBE_TIMEOUT_MS = 2_000
const ENCODINGS = ['UTF8', 'SQL_ASCII']

/**
 * Connects to the first host that can be used; of several, or where the URL says so, to the first that takes writes.
 *
 * @throws {PostgresFailure} with the cause of each
 */
export async function openSession(url: DatabaseUrl, options: SessionOptions): Promise<Session> {
  const needsWrites = url.hosts.length > 1 || (url.parameters['target_session_attrs'] ?? 'any') !== 'any'
  const causes: [host: string, cause: unknown][] = []
  for (const host of url.hosts) {
    const name = `${host.name}:${host.port}`
    try {
      const session = await openHost(host, { url, options })
      if (!needsWrites || !session.isReadOnly) return session
      await session.client.end()
      causes.push([name, new ReadOnlyServer()])
    } catch (error) {
      causes.push([name, error])
    }
  }
  throw new PostgresFailure(url, causes)
}

/** Tries the allowed ways, with and without TLS, until one works. It reports missing TLS only if nothing else is wrong. */
async function openHost(host: Host, opening: Opening): Promise<Session> {
  const isSocket = host.name.startsWith('/')
  const sslOptions = isSocket ? [false as const] : sslOptionsOf(opening.url.parameters)
  const failures: unknown[] = []
  for (const ssl of sslOptions) {
    try {
      return await openWith(ssl, host, opening)
    } catch (error) {
      failures.push(error)
      if (!shouldTryNextSslOption(error, ssl)) break
    }
  }
  throw failures.findLast((failure) => !isNoTls(failure)) ?? failures[0]
}

/**
 * A server that insists on TLS, or on none, refuses other clients with the same code as those without an entry in pg_hba.conf; a
 * pooler says so in words. If the server does not answer, the other way does not help.
 */
function shouldTryNextSslOption(error: unknown, ssl: SslOption): boolean {
  if (!(error instanceof Error)) return false
  const isFromServer = 'severity' in error && 'code' in error
  if (ssl === false || isFromServer) return isFromServer && (error.code === '28000' || /\bSSL\b/.test(error.message))
  return isNoTls(error) || !('syscall' in error || isNoAnswer(error))
}

async function openWith(ssl: SslOption, host: Host, { url, options }: Opening): Promise<Session> {
  const { socket, cork } = createCorkedSocket()
  const client = new Client({ ...configOf(url, host, options), ssl: ssl, stream: () => socket })
  client.on('error', () => {}) // callers that wait for the connection, or for a reply, get the error
  try {
    await client.connect()
    cork()
    const { version, encoding, ...found } = await probe(client, options, url.parameters['pgbouncer'] === 'true')
    if (version < MIN_VERSION)
      throw new UnsupportedServer(`PostgreSQL ${Math.floor(version / 1e4)} is too old: 15 or later`)
    if (!ENCODINGS.includes(encoding))
      throw new UnsupportedServer(`the encoding of the database is ${encoding}, not UTF8`)
    const begin = found.isPooled ? pooledBegin(options.limits) : 'begin'
    return { client, cork, ...found, begin, openedAt: performance.now() }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

type ProbeResult = Readonly<{ isPooled: boolean; isReadOnly: boolean; version: number; encoding: string }>

async function probe(
  client: Client,
  { limits, isPooled }: SessionOptions,
  isDeclaredPooled: boolean,
): Promise<ProbeResult> {
  const { processID } = client as Client & Readonly<{ processID: number | null }>
  const claimed = isPooled || isDeclaredPooled ? 0 : (processID ?? 0)
  const query = { text: sessionProbe(limits), values: [claimed], query_timeout: PROBE_TIMEOUT_MS }
  const { rows } = await client.query<ProbeResult>(query)
  const [{ isPooled: isFound, isReadOnly, version, encoding }] = rows as [ProbeResult]
  return { isPooled: isFound, isReadOnly, version, encoding }
}

function configOf(url: DatabaseUrl, host: Host, options: SessionOptions): ClientConfig {
  const { application_name, options: startup, sslnegotiation, channel_binding, connect_timeout } = url.parameters
  const own = Number(connect_timeout ?? 0) * 1_000
  const { user, password, database } = url
  return {
    host: host.name,
    port: host.port,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(startup === undefined ? {} : { options: startup }),
    ...(sslnegotiation === 'direct' ? { sslnegotiation } : {}),
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    application_name: application_name ?? PRODUCT.service,
    enableChannelBinding: channel_binding === 'require',
    connectionTimeoutMillis: own || options.connectTimeoutMs,
    keepAlive: true,
    pipeline: true,
    types: typeParsers,
  }
}

/** A socket that sends all writes of one turn of the event loop in one piece. */
function createCorkedSocket() {
  const socket = new Socket()
  let isCorked = false

  function release(): void {
    isCorked = false
    socket.uncork()
  }

  return {
    socket,

    /** Call before writing. */
    cork(): void {
      if (isCorked) return
      isCorked = true
      socket.cork()
      setImmediate(release)
    },
  }
}

const { TIMESTAMPTZ } = types.builtins
const parseTime = types.getTypeParser(TIMESTAMPTZ)

/** The parsers of the driver, but for times in UTC, which half the columns are: they are rewritten as JavaScript reads them. */
const typeParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text') =>
    oid === TIMESTAMPTZ ? readTime : types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
}

/** `2026-11-22 12:00:00.123+00`; also with another offset, or `BC` behind it. */
function readTime(text: string): unknown {
  const isUsual = text.endsWith('+00') && text[10] === ' '
  return isUsual ? new Date(millisecondsOf(text)) : parseTime(text)
}

/** A row that was never changed has the same time twice, which is read once. */
const millisecondsOf = memoizeLast((text: string) => Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`))
