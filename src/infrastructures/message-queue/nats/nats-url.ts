import { firstServer, serverUrls } from '../../connection/server-urls.ts'

/** What is wrong with a URL of NATS. Names the part, never a secret. */
export class InvalidNatsUrl extends Error {}

export type NatsOptions = Readonly<{
  /** The file with the JWT and the seed of a user, or null. */
  credentials: string | null
  /** Of each stream, when it is created. */
  replicas: number
}>

const MAX_REPLICAS = 5

/** Three replicas survive the loss of one server. */
const REPLICAS_IN_A_CLUSTER = 3

/**
 * Reads `nats://one:4222,two:4222,three:4222?replicas=3` and `nats://one?creds=/run/secrets/forum.creds`. Without `replicas`,
 * streams have three if the URL names three servers or more, else one.
 *
 * @throws {InvalidNatsUrl}
 */
export function parseNatsOptions(text: string): NatsOptions {
  const { searchParams, username } = firstServer(text)
  const [credentials, replicas] = [searchParams.get('creds'), searchParams.get('replicas')]
  if (credentials === '') fail('must name a file as creds')
  if (credentials !== null && username !== '') fail('must name either a user or creds')
  return { credentials, replicas: replicas === null ? defaultReplicas(serverUrls(text).length) : replicasIn(replicas) }
}

const defaultReplicas = (servers: number): number => (servers < REPLICAS_IN_A_CLUSTER ? 1 : REPLICAS_IN_A_CLUSTER)

function replicasIn(text: string): number {
  const number = /^\d$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= MAX_REPLICAS ? number : fail(`must have replicas between 1 and ${MAX_REPLICAS}`)
}

function fail(problem: string): never {
  throw new InvalidNatsUrl(problem)
}
