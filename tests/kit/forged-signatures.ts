import { createHmac } from 'node:crypto'
import { base64url, CompactEncrypt, type CompactJWSHeaderParameters, CompactSign, exportJWK, exportSPKI } from 'jose'
import type { Forge, Forged } from './bad-tokens.ts'
import { newKey } from './test-keys.ts'

const json = (value: unknown): string => base64url.encode(JSON.stringify(value))

/** Tokens with good claims that the issuer's key did not sign, or not in an allowed way. */
export async function forgedSignatures(forge: Forge): Promise<Forged> {
  return {
    ...unsigned(forge),
    ...(await confused(forge)),
    ...(await otherwiseSigned(forge)),
    ...(await tampered(forge)),
    ...(await signedByStranger(forge)),
    ...(await encrypted(forge)),
  }
}

function unsigned({ goodClaims }: Forge): Forged {
  const variants = ['none', 'None', 'NONE', 'nOnE', '', null, undefined]
  return Object.fromEntries(
    variants.map((alg) => [`C11 alg ${String(alg) || 'empty'}`, `${json({ alg, typ: 'JWT' })}.${json(goodClaims())}.`]),
  )
}

/** RFC 8725, section 2.1: the public key taken for a shared secret. */
async function confused({ goodClaims, keyFor }: Forge): Promise<Forged> {
  const { kid, publicKey } = keyFor('RS256')
  const pem = await exportSPKI(publicKey)
  const secrets = {
    PEM: pem,
    'PEM without its last newline': pem.trimEnd(),
    JWK: JSON.stringify(await exportJWK(publicKey)),
  }
  const signed = Object.entries(secrets).flatMap(([form, secret]) =>
    ['HS256', 'HS384', 'HS512'].map((alg) => {
      const input = `${json({ alg, kid, typ: 'JWT' })}.${json(goodClaims())}`
      const signature = createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url')
      return [`C12 ${alg} with the public key (${form}) as its secret`, `${input}.${signature}`]
    }),
  )
  return Object.fromEntries(signed)
}

async function otherwiseSigned({ goodClaims, keyFor, encryption, token }: Forge): Promise<Forged> {
  const { kid, privateKey } = keyFor('RS256')
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey)
  const signWith = async (alg: string, name: string, hash: string): Promise<string> => {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name, hash }, false, ['sign'])
    return new CompactSign(Buffer.from(JSON.stringify(goodClaims())))
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .sign(key)
  }
  const encryptionKey = await crypto.subtle.exportKey('pkcs8', encryption.privateKey)
  const misused = await crypto.subtle.importKey(
    'pkcs8',
    encryptionKey,
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['sign'],
  )
  return {
    'C13 RS512 with the key of RS256': await signWith('RS512', 'RSASSA-PKCS1-v1_5', 'SHA-512'),
    'C13 PS256 with the key of RS256': await signWith('PS256', 'RSA-PSS', 'SHA-256'),
    'C13 PS512 with the key of RS256': await signWith('PS512', 'RSA-PSS', 'SHA-512'),
    'C13 ES256 with the id of the RS256 key': await token({}, { key: { ...keyFor('ES256'), kid } }),
    'C13 RS256 with the key for encryption': await token(
      {},
      { key: { ...encryption, alg: 'RS256', privateKey: misused } },
    ),
  }
}

async function tampered({ goodClaims, keyFor, token }: Forge): Promise<Forged> {
  const [header, payload, signature] = (await token()).split('.') as [string, string, string]
  const flipped = Buffer.from(signature, 'base64url')
  flipped.writeUInt8(flipped.readUInt8(100) ^ 1, 100)
  const elliptic = (await token({}, { key: keyFor('ES256') })).split('.').slice(0, 2).join('.')
  return {
    'C14 one bit of the signature flipped': `${header}.${payload}.${flipped.toString('base64url')}`,
    'C14 the signature cut': `${header}.${payload}.${signature.slice(0, 100)}`,
    'C14 no signature': `${header}.${payload}.`,
    'C15 the payload of somebody else': `${header}.${json(goodClaims())}.${signature}`,
    'C15 the header of another type': `${json({ alg: 'RS256', kid: keyFor('RS256').kid })}.${payload}.${signature}`,
    'C16 ES256 with zeros for a signature': `${elliptic}.${Buffer.alloc(64).toString('base64url')}`,
    'C16 ES256 with an empty signature': `${elliptic}.`,
  }
}

async function signedByStranger(forge: Forge): Promise<Forged> {
  const { issuer, keyFor, token } = forge
  const stranger = await newKey('RS256')
  const { kid } = keyFor('RS256')
  const jwk = { ...(await exportJWK(stranger.publicKey)), alg: 'RS256', kid: stranger.kid }
  const sign = (header: Readonly<Record<string, unknown>>) => token({}, { key: stranger, header })
  return {
    'C17 an unknown kid': await sign({}),
    'C17 a known kid, another key': await sign({ kid }),
    'C17 no kid, another key': await sign({ kid: undefined }),
    'C18 a kid that is a path': await sign({ kid: '../../../../dev/null' }),
    'C18 a kid that is SQL': await sign({ kid: "' or 1=1; --" }),
    'C18 a kid of 5 KB': await sign({ kid: 'k'.repeat(5 * 1024) }),
    'C18 a kid that is a number': await sign({ kid: 7 }),
    'C18 a kid that is a list': await sign({ kid: [kid] }),
    'C19 jku': await sign({ jku: `${issuer}/trap` }),
    'C19 jku beside a known kid': await sign({ kid, jku: `${issuer}/trap` }),
    'C19 x5u': await sign({ kid, x5u: `${issuer}/trap` }),
    'C19 jwk': await sign({ jwk }),
    'C19 jwk without a kid': await sign({ kid: undefined, jwk }),
    'C19 x5c': await sign({ kid, x5c: [Buffer.from('certificate').toString('base64')] }),
    'C19 a critical extension that nobody knows': await withCriticalExtension(forge),
  }
}

/** The library refuses to sign it (RFC 7515, section 4.1.11). */
async function withCriticalExtension({ goodClaims, keyFor }: Forge): Promise<string> {
  const { kid, privateKey } = keyFor('RS256')
  const input = `${json({ alg: 'RS256', kid, crit: ['urn:unknown'], 'urn:unknown': true })}.${json(goodClaims())}`
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, Buffer.from(input))
  return `${input}.${base64url.encode(new Uint8Array(signature))}`
}

async function encrypted({ encryption, goodClaims, keyFor, token }: Forge): Promise<Forged> {
  const encrypt = (content: string, header: Readonly<Record<string, string>>) =>
    new CompactEncrypt(Buffer.from(content))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: encryption.kid, ...header })
      .encrypt(encryption.publicKey)
  const nested: CompactJWSHeaderParameters = { alg: 'RS256', kid: keyFor('RS256').kid, typ: 'JWT', cty: 'JWT' }
  const bomb = (await encrypt('{}', {})).replace(/^[^.]+/, json({ alg: 'RSA-OAEP-256', enc: 'A256GCM', zip: 'DEF' }))
  return {
    'C31 a JWE of good claims': await encrypt(JSON.stringify(goodClaims()), { typ: 'JWT' }),
    'C31 a JWE of a good token': await encrypt(await token(), { cty: 'JWT' }),
    'C31 a JWE that says it is signed': (await encrypt('{}', {})).replace(/^[^.]+/, json({ alg: 'RS256', typ: 'JWT' })),
    'C31 a compressed JWE': bomb,
    'C31 a signed good token': await new CompactSign(Buffer.from(await token()))
      .setProtectedHeader(nested)
      .sign(keyFor('RS256').privateKey),
  }
}
