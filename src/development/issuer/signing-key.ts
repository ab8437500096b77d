import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK_RSA_Private } from 'jose'

const ALGORITHM = 'RS256'

/** The private key of the development issuer, with its id. */
export type SigningKey = Readonly<JWK_RSA_Private & { alg: typeof ALGORITHM; kid: string }>

/**
 * The key in `<dataDirectory>/development-issuer.json`, made at first need. However many processes need it first at the
 * same moment, they all get the same one.
 *
 * @throws when the file holds something else
 */
export async function signingKey(dataDirectory: string): Promise<SigningKey> {
  const file = join(dataDirectory, 'development-issuer.json')
  const found = await read(file)
  if (found !== null) return parse(found, file)

  await mkdir(dataDirectory, { recursive: true })
  await writeIfAbsent(file, JSON.stringify(await generate(), null, 2))
  return parse(await readFile(file, 'utf8'), file)
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    return ignore('ENOENT', error)
  }
}

async function generate(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true })
  const jwk = (await exportJWK(privateKey)) as JWK_RSA_Private
  return { ...jwk, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(jwk) }
}

/** Creating a link is atomic, and fails if the file exists: the first process wins, and no process reads half a file. */
async function writeIfAbsent(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx' })
    await link(draft, file).catch((error) => ignore('EEXIST', error))
  } finally {
    await rm(draft, { force: true })
  }
}

async function parse(content: string, file: string): Promise<SigningKey> {
  try {
    const key = JSON.parse(content) as SigningKey
    const isOurs = key.kty === 'RSA' && key.alg === ALGORITHM && typeof key.kid === 'string' && key.d !== undefined
    if (isOurs && (await importJWK(key, ALGORITHM))) return key
  } catch {
    // Without the cause: its message would quote a private key.
  }
  throw new Error(`${file} holds no ${ALGORITHM} signing key: delete it, and a new one is made.`)
}

function ignore(code: string, error: NodeJS.ErrnoException | unknown): null {
  if ((error as NodeJS.ErrnoException).code !== code) throw error
  return null
}
