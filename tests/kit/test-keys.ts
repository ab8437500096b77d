import { randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'

export type TestKey = Readonly<{ kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey }>

/** A key that no issuer has published. */
export async function newKey(alg: string): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid: randomUUID(), alg, privateKey, publicKey }
}

export const publishedKey = async ({ publicKey, alg, kid }: TestKey, use = 'sig'): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  alg,
  kid,
  use,
})

type Keys = readonly [rsa: TestKey, ec: TestKey, encryption: TestKey]

/** Those of issuers that have ended. A key of RSA takes 40 ms of CPU, so later issuers sign with the same ones under other ids. */
const idle: Keys[] = []

async function takeKeys(): Promise<Keys> {
  const [rsa, ec, encryption] = idle.pop() ?? (await newKeys())
  return [renamed(rsa), renamed(ec), renamed(encryption)]
}

async function newKeys(): Promise<Keys> {
  const rsa = await newKey('RS256')
  return [rsa, await newKey('ES256'), await forEncryption(rsa)]
}

/** The same pair for another use: only its id and its use tell a verifier that nothing may be signed with it. */
async function forEncryption({ privateKey, publicKey }: TestKey): Promise<TestKey> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' }
  const [secret, known] = [await exportJWK(privateKey), await exportJWK(publicKey)]
  return {
    kid: randomUUID(),
    alg: 'RSA-OAEP-256',
    privateKey: await crypto.subtle.importKey('jwk', secret, algorithm, true, ['decrypt']),
    publicKey: await crypto.subtle.importKey('jwk', known, algorithm, true, ['encrypt']),
  }
}

const renamed = (key: TestKey): TestKey => ({ ...key, kid: randomUUID() })

/** The keys of a test issuer: some to sign with, and one to encrypt for it, which Keycloak publishes beside them. */
export async function createKeyring() {
  const first = await takeKeys()
  const [rsa, ec, encryption] = first
  let keys = [rsa, ec]
  let isReleased = false

  const keyFor = (alg: string): TestKey => {
    const key = keys.findLast((one) => one.alg === alg)
    if (key === undefined) throw new Error(`The test issuer has no key for ${alg}.`)
    return key
  }

  return {
    encryption,

    /** The newest key of an algorithm. */
    keyFor,

    async addKey(alg = 'RS256'): Promise<TestKey> {
      const key = await newKey(alg)
      keys = [...keys, key]
      return key
    },

    /** Leaves only the newest key of each algorithm. */
    dropOldKeys(): void {
      keys = keys.filter((key) => key === keyFor(key.alg))
    },

    /** For the next issuer of this process: issuers that run at the same time share no key. */
    release(): void {
      if (!isReleased) idle.push(first)
      isReleased = true
    },

    jwks: async (): Promise<{ keys: JWK[] }> => ({
      keys: await Promise.all([...keys.map((key) => publishedKey(key)), publishedKey(encryption, 'enc')]),
    }),
  }
}
