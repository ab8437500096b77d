import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { PRODUCT } from '../../patterns/product.ts'
import { accountClaims } from './account-claims.ts'
import { signingKey } from './signing-key.ts'

type Token = Readonly<{
  issuer: string
  audience: string
  dataDirectory: string
  username: string
  roles: readonly string[]
  now: Date
}>

const LIFETIME_S = 12 * 60 * 60

/** A token as the development issuer would give it to this user, made without it: its server need not run. */
export async function mintDevelopmentToken(token: Token): Promise<string> {
  const { issuer, audience, dataDirectory, username, roles, now } = token
  const key = await signingKey(dataDirectory)
  const issuedAt = Math.floor(now.getTime() / 1000)

  return new SignJWT({
    ...accountClaims(username, roles),
    scope: 'openid profile email',
    client_id: PRODUCT.commandLineClient,
  })
    .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid })
    .setJti(randomUUID())
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_S)
    .sign(await importJWK(key, key.alg))
}
