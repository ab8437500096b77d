import { forgedClaims } from './forged-claims.ts'
import { forgedSignatures } from './forged-signatures.ts'
import type { TokenOptions } from './test-issuer.ts'
import type { createKeyring } from './test-keys.ts'

/** `authorization` is the value of the header; null when there is none. */
export type BadToken = Readonly<{ name: string; authorization: string | null }>

/** What a forger knows of the issuer, and an insider too: keys, good claims, and a press for anything. */
export type Forge = Awaited<ReturnType<typeof createKeyring>> &
  Readonly<{
    issuer: string
    audience: string
    goodClaims: () => Record<string, unknown>
    token: (claims?: Record<string, unknown>, options?: TokenOptions) => Promise<string>
  }>

export type Forged = Readonly<Record<string, string>>

/** Every kind of credential that must be answered with 401. */
export async function badTokens(forge: Forge): Promise<readonly BadToken[]> {
  const good = await forge.token()
  const forged = { ...malformed(good), ...(await forgedSignatures(forge)), ...(await forgedClaims(forge)) }
  return [
    { name: 'C01 no credentials', authorization: null },
    { name: 'C02 Basic credentials', authorization: `Basic ${Buffer.from('alice:secret').toString('base64')}` },
    { name: 'C02 a good token as Basic credentials', authorization: `Basic ${good}` },
    { name: 'C02 a good token without a scheme', authorization: good },
    { name: 'C03 Bearer without a token', authorization: 'Bearer' },
    { name: 'C03 Bearer with an empty token', authorization: 'Bearer ' },
    { name: 'C04 two good tokens', authorization: `Bearer ${good}, Bearer ${good}` },
    { name: 'C04 two good tokens, separated by a space', authorization: `Bearer ${good} ${good}` },
    ...Object.entries(forged).map(([name, token]) => ({ name, authorization: `Bearer ${token}` })),
  ]
}

function malformed(good: string): Forged {
  const [header, payload, signature] = good.split('.')
  const text = (value: string) => Buffer.from(value).toString('base64url')
  return {
    'C06 one part': String(header),
    'C06 two parts': `${header}.${payload}`,
    'C06 four parts': `${good}.${signature}`,
    'C06 no payload': `${header}..${signature}`,
    'C06 only dots': '..',
    'C07 a header that is no base64url': `!!!.${payload}.${signature}`,
    'C07 a payload that is no base64url': `${header}.%%%.${signature}`,
    'C07 a signature that is no base64url': `${header}.${payload}.***`,
    'C08 a header that is no JSON': `${text('hello')}.${payload}.${signature}`,
    'C08 a header that is an array': `${text('["RS256"]')}.${payload}.${signature}`,
    'C08 a header that is null': `${text('null')}.${payload}.${signature}`,
    'C08 an empty header': `${text('{}')}.${payload}.${signature}`,
    'C09 a payload that is no JSON': `${header}.${text('hello')}.${signature}`,
    'C09 a payload that is an array': `${header}.${text('[]')}.${signature}`,
    'C10 garbage of 15 KB': 'a'.repeat(15 * 1024),
  }
}
