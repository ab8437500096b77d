import { hash } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { OIDC_AUDIENCE, OIDC_ISSUER } from './environment.ts'
import { Refused } from './refused.ts'

export type Caller = Readonly<{ id: string; isSuperAdmin: boolean }>

const keys = createRemoteJWKSet(new URL(`${OIDC_ISSUER}/keys`))
const expected = { issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE, algorithms: ['RS256'] }
const verified = new LRUCache<string, Caller>({ max: 10_000, ttl: 60_000 })

/** The caller. All candidates on Node.js share this cache of verified tokens, so that they differ in the rest. */
export function callerOf(authorization: string | undefined): Caller | Promise<Caller> {
  const token = authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : ''
  return verified.get(hash('sha256', token, 'base64')) ?? verify(token)
}

async function verify(token: string): Promise<Caller> {
  const { payload } = await jwtVerify(token, keys, expected).catch(refuse)
  const { roles = [] } = (payload['realm_access'] ?? {}) as { roles?: readonly string[] }
  const caller = { id: String(payload.sub), isSuperAdmin: roles.includes('super_admin') }
  verified.set(hash('sha256', token, 'base64'), caller)
  return caller
}

function refuse(): never {
  throw new Refused(401)
}
