import { CompactSign } from 'jose'
import { PRODUCT } from '../../src/patterns/product.ts'
import type { Forge, Forged } from './bad-tokens.ts'

type Case = readonly [
  name: string,
  claims: Readonly<Record<string, unknown>>,
  header?: Readonly<Record<string, unknown>>,
]

/** Tokens that the issuer did sign, but not as access tokens for us and now. */
export async function forgedClaims(forge: Forge): Promise<Forged> {
  const now = Math.floor(Date.now() / 1000)
  const cases = [...times(now), ...strangers(forge), ...otherTokens(), ...subjects()]
  const signed = cases.map(
    async ([name, claims, header = {}]) => [name, await forge.token(claims, { header })] as const,
  )
  return {
    ...Object.fromEntries(await Promise.all(signed)),
    ...(await withoutClaims(forge)),
    ...(await raw(forge, now)),
  }
}

const times = (now: number): readonly Case[] => [
  ['C21 expired a minute ago', { exp: now - 60 }],
  ['C21 expired when computers were new', { exp: 1 }],
  ['C23 exp is text', { exp: String(now + 300) }],
  ['C23 exp is a date as text', { exp: new Date((now + 300) * 1000).toISOString() }],
  ['C23 exp is true', { exp: true }],
  ['C23 exp is null', { exp: null }],
  ['C23 exp is a list', { exp: [now + 300] }],
  ['C23 exp is zero', { exp: 0 }],
  ['C23 exp is negative', { exp: -(now + 300) }],
  ['C23 exp is beyond the year 9999', { exp: 253_402_300_800 }],
  ['C23 exp is in milliseconds', { exp: (now + 300) * 1000 }],
  ['C23 exp is as large as a number can be', { exp: Number.MAX_VALUE }],
  ['C24 nbf in the future', { nbf: now + 120 }],
  ['C24 nbf is text', { nbf: String(now) }],
  ['C24 iat in the future', { iat: now + 120 }],
  ['C24 iat is text', { iat: String(now) }],
]

function strangers({ issuer, audience }: Forge): readonly Case[] {
  return [
    ['C25 another realm', { iss: issuer.replace(/[^/]+$/, 'other') }],
    ['C25 https for http', { iss: issuer.replace('http:', 'https:') }],
    ['C25 a slash at the end', { iss: `${issuer}/` }],
    ['C25 more than the issuer', { iss: `${issuer}-evil.example.org` }],
    ['C25 less than the issuer', { iss: issuer.slice(0, -1) }],
    ['C25 in capital letters', { iss: issuer.toUpperCase() }],
    ['C25 the issuer in a list', { iss: [issuer] }],
    ['C26 another audience', { aud: 'account' }],
    ['C26 other audiences', { aud: ['account', PRODUCT.docsClient] }],
    ['C26 no audience in the list', { aud: [] }],
    ['C26 more than the audience', { aud: `${audience}-2` }],
    ['C26 the audience in a list of a list', { aud: [[audience]] }],
    ['C26 the audience as a key', { aud: { [audience]: true } }],
    ['C26 another audience, given to our client', { aud: 'account', client_id: audience, token_use: 'access' }],
    ['C26 no audience in the list, given to our client', { aud: [], client_id: audience, token_use: 'access' }],
  ]
}

const otherTokens = (): readonly Case[] => [
  ...['ID', 'Refresh', 'Offline', 'Logout', 'bearer', '', 7, null, ['Bearer']].map(
    (typ): Case => [`C27 the payload is of type ${JSON.stringify(typ)}`, { typ }],
  ),
  ['C27 an ID token with the header of an access token', { typ: 'ID' }, { typ: 'at+jwt' }],
  ...['logout+jwt', 'application/logout+jwt', 'dpop+jwt', 'secevent+jwt', 'id+jwt', 'JOSE', '', 7, null, ['JWT']].map(
    (typ): Case => [`C27 the header is of type ${JSON.stringify(typ)}`, {}, { typ }],
  ),
  ...['id', 'refresh', '', 7, null, ['access']].map(
    (token_use): Case => [`C27 the payload is for the use ${JSON.stringify(token_use)}`, { token_use }],
  ),
  ['C27 at_hash of an ID token', { at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng' }],
  ['C27 c_hash of an ID token', { c_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng' }],
  ['C27 s_hash of an ID token', { s_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng' }],
  ['C27 events of a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
  ['C32 bound to a DPoP key', { cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }],
  ['C32 bound to a certificate', { cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }],
]

const subjects = (): readonly Case[] => [
  ['C28 sub is empty', { sub: '' }],
  ['C28 sub is longer than any subject', { sub: 'a'.repeat(256) }],
  ['C28 sub is a number', { sub: 7 }],
  ['C28 sub is null', { sub: null }],
  ['C28 sub is a list', { sub: ['0190a6e4-7e4c-7b7e-8f3e-0f8e2c1d4b5a'] }],
  ['C28 sub has a NUL', { sub: 'alice\0' }],
  ['C28 sub is a UUID and a newline', { sub: '0190a6e4-7e4c-7b7e-8f3e-0f8e2c1d4b5a\n' }],
]

const withoutClaims = async ({ audience, token }: Forge): Promise<Forged> => ({
  'C22 no exp': await token({}, { omit: ['exp'] }),
  'C25 no iss': await token({}, { omit: ['iss'] }),
  'C26 no aud': await token({}, { omit: ['aud'] }),
  'C26 no aud, and our client without a use': await token({ client_id: audience }, { omit: ['aud'] }),
  'C26 no aud, and another client': await token({ client_id: 'other', token_use: 'access' }, { omit: ['aud'] }),
  'C26 no aud, and our client in a list': await token(
    { client_id: [audience], token_use: 'access' },
    { omit: ['aud'] },
  ),
  'C27 no aud, and an ID token of our client': await token({ client_id: audience, token_use: 'id' }, { omit: ['aud'] }),
  'C28 no sub': await token({}, { omit: ['sub'] }),
})

/** Payloads that no JSON library would write. */
async function raw({ goodClaims, keyFor }: Forge, now: number): Promise<Forged> {
  const { alg, kid, privateKey } = keyFor('RS256')
  const sign = (payload: string | Buffer) =>
    new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(privateKey)
  const withExp = (exp: string) => JSON.stringify(goodClaims()).replace(/"exp":\d+/, `"exp":${exp}`)
  return {
    'C09 a signed payload that is no JSON': await sign('hello'),
    'C09 a signed payload that is a list': await sign('[]'),
    'C09 a signed payload that is not UTF-8': await sign(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
    'C23 exp is infinite': await sign(withExp('1e999')),
    'C23 exp twice, the last one past': await sign(withExp(`${now + 300},"exp":${now - 300}`)),
    'C24 iat is infinite': await sign(withExp(`${now + 300},"iat":1e999`)),
  }
}
