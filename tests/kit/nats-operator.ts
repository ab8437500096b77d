import { createHash } from 'node:crypto'
import { nkeys } from '@nats-io/transport-node'

type KeyPair = ReturnType<typeof nkeys.createUser>

const UNLIMITED = {
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
  subs: -1,
  conn: -1,
  leaf: -1,
  data: -1,
  payload: -1,
}

/**
 * An operator of NATS with an account that has JetStream, and what a server needs to know of them. `creds` is the file of a
 * user of the account, as `nsc` writes it.
 */
export function natsOperator() {
  const [operator, system, account] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()]
  const accountJwt = (of: KeyPair, name: string, limits: object) =>
    jwt(of.getPublicKey(), operator, { name, nats: { type: 'account', version: 2, limits } })
  const preload = [
    [account.getPublicKey(), accountJwt(account, 'forum', UNLIMITED)],
    [system.getPublicKey(), accountJwt(system, 'SYS', {})],
  ]

  return {
    configuration: [
      `operator: ${jwt(operator.getPublicKey(), operator, { name: 'forum', nats: { type: 'operator', version: 2 } })}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${preload.map(([key, token]) => `${key}: "${token}"`).join(', ')} }`,
    ].join('\n'),

    /** Of a new user; of one whose account the server does not know, where `isForeign`. */
    creds({ isForeign = false } = {}): string {
      const user = nkeys.createUser()
      const issuer = isForeign ? nkeys.createAccount() : account
      const token = jwt(user.getPublicKey(), issuer, {
        name: 'forum',
        nats: { type: 'user', version: 2, subs: -1, data: -1, payload: -1 },
      })
      const seed = new TextDecoder().decode(user.getSeed())
      return `${section('NATS USER JWT', token)}\n${section('USER NKEY SEED', seed)}`
    },
  }
}

const section = (title: string, text: string): string => `-----BEGIN ${title}-----\n${text}\n------END ${title}------\n`

/** Signed as NATS signs them: <https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt>. */
function jwt(subject: string, issuer: KeyPair, claims: object): string {
  const body = { iat: Math.floor(Date.now() / 1_000), iss: issuer.getPublicKey(), sub: subject, ...claims }
  const jti = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  const [header, payload] = [
    { typ: 'JWT', alg: 'ed25519-nkey' },
    { jti, ...body },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const signed = `${header}.${payload}`
  return `${signed}.${Buffer.from(issuer.sign(new TextEncoder().encode(signed))).toString('base64url')}`
}
