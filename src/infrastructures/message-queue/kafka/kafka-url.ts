/** What is wrong with a URL of Kafka. Names the part, never a secret. */
export class InvalidKafkaUrl extends Error {}

type Mechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

export type KafkaUrl = Readonly<{
  /** The bootstrap brokers: each knows the others. */
  brokers: readonly Readonly<{ host: string; port: number }>[]
  hasTls: boolean
  sasl: Readonly<{ mechanism: Mechanism; username: string; password: string }> | null
  /** Of the topic of events, when it is created. */
  partitions: number
  /** Of each topic that is created; null leaves it to the broker. */
  replicas: number | null
  /** Without credentials and parameters: `kafka-1:9092,kafka-2:9092`. */
  place: string
}>

const FORM = /^(?<scheme>kafkas?):\/\/(?:(?<credentials>[^@/?#]*)@)?(?<hosts>[^@/?#]+)\/?(?:\?(?<query>[^#]*))?$/
const HOST = /^(?<host>\[[\da-f:.]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/i
const DEFAULT_PORT = 9092
const DEFAULT_PARTITIONS = 6
const MAX_PARTITIONS = 1_000
const MAX_REPLICAS = 100

const MECHANISMS: Readonly<Record<string, Mechanism>> = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
}

/**
 * Reads `kafka://user:password@host:9092,host:9092?partitions=6&replicas=3&mechanism=scram-sha-512`; `kafkas://` is Kafka
 * over TLS.
 *
 * @throws {InvalidKafkaUrl}
 */
export function parseKafkaUrl(text: string): KafkaUrl {
  const { scheme, credentials, hosts, query } = FORM.exec(text)?.groups ?? {}
  if (hosts === undefined) fail('must be kafka://<host>:<port>, with special characters of a password encoded')
  const parameters = parametersOf(query ?? '')
  const { partitions, replicas, mechanism } = parameters
  return {
    brokers: hosts.split(',').map(brokerOf),
    hasTls: scheme === 'kafkas',
    sasl: saslOf(credentials, mechanism),
    partitions: partitions === undefined ? DEFAULT_PARTITIONS : numberOf('partitions', partitions, MAX_PARTITIONS),
    replicas: replicas === undefined ? null : numberOf('replicas', replicas, MAX_REPLICAS),
    place: hosts,
  }
}

/** The brokers, for people; nothing secret. */
export const kafkaHosts = (text: string): string => parseKafkaUrl(text).place

function brokerOf(text: string) {
  const { host, port } = HOST.exec(text)?.groups ?? {}
  const number = Number(port ?? DEFAULT_PORT)
  if (host === undefined || number < 1 || number > 65_535) fail('must name its brokers as <host>:<port>,<host>:<port>')
  return { host: host.replace(/^\[|\]$/g, ''), port: number }
}

function saslOf(credentials: string | undefined, mechanism = 'plain'): KafkaUrl['sasl'] {
  const known = MECHANISMS[mechanism]
  if (known === undefined) fail(`has a mechanism that is none of ${Object.keys(MECHANISMS).join(', ')}`)
  if (credentials === undefined) return null
  const [username = '', ...password] = credentials.split(':')
  return { mechanism: known, username: decode(username), password: decode(password.join(':')) }
}

function parametersOf(query: string): Readonly<Record<string, string>> {
  const parameters = Object.fromEntries(new URLSearchParams(query))
  for (const name of Object.keys(parameters)) {
    if (!['partitions', 'replicas', 'mechanism'].includes(name))
      fail('has a parameter besides partitions, replicas, mechanism')
  }
  return parameters
}

function numberOf(name: string, text: string, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= most ? number : fail(`must have ${name} between 1 and ${most}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('must encode what is special in a password: % as %25')
  }
}

function fail(problem: string): never {
  throw new InvalidKafkaUrl(problem)
}
