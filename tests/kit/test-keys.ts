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

/** The keys of a test issuer: some to sign with, and one to encrypt for it, which Keycloak publishes beside them. */
export async function createKeyring() {
  let keys = [await newKey('RS256'), await newKey('ES256')]
  const encryption = await newKey('RSA-OAEP-256')

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

    jwks: async (): Promise<{ keys: JWK[] }> => ({
      keys: await Promise.all([...keys.map((key) => publishedKey(key)), publishedKey(encryption, 'enc')]),
    }),
  }
}
