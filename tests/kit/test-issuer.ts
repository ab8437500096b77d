import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JWTPayload, SignJWT } from 'jose'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type BadToken, badTokens } from './bad-tokens.ts'
import { createKeyring, type TestKey } from './test-keys.ts'

export type TokenOptions = Readonly<{
  key?: TestKey
  /** Replaces single parameters of the header; `undefined` leaves one out. */
  header?: Readonly<Record<string, unknown>>
  /** Claims that a good token has and this one has not. */
  omit?: readonly string[]
}>

export type TestIssuer = Awaited<ReturnType<typeof startTestIssuer>>

const PATH = '/realms/test'

/**
 * An OpenID Connect issuer on a port of its own that the test controls: it rotates its keys, goes down and comes back,
 * answers nonsense, and signs what no honest issuer would sign. Whatever is asked of it is counted.
 */
export async function startTestIssuer({ audience = PRODUCT.namespace }: Readonly<{ audience?: string }> = {}) {
  const keyring = await createKeyring()
  const web = await startWeb(keyring.jwks)
  const { issuer } = web

  const goodClaims = (): JWTPayload => {
    const now = Math.floor(Date.now() / 1000)
    return {
      iss: issuer,
      aud: [audience, 'account'],
      sub: randomUUID(),
      typ: 'Bearer',
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
      azp: PRODUCT.docsClient,
      preferred_username: 'alice',
      name: 'Alice Liddell',
      email: 'alice@example.org',
      realm_access: { roles: ['user'] },
    }
  }

  /** A good access token, but for what is replaced or left out. */
  const token = (claims: JWTPayload = {}, { key = keyring.keyFor('RS256'), header, omit = [] }: TokenOptions = {}) => {
    const payload = Object.entries({ ...goodClaims(), ...claims }).filter(([claim]) => !omit.includes(claim))
    return new SignJWT(Object.fromEntries(payload))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
      .sign(key.privateKey)
  }

  const rotate = async (alg = 'RS256'): Promise<void> => {
    await keyring.addKey(alg)
    keyring.dropOldKeys()
  }

  const dispose = async (): Promise<void> => {
    await web.stop()
    keyring.release()
  }

  const forge = { ...keyring, issuer, audience, goodClaims, token }
  return {
    ...forge,
    ...web,
    [Symbol.asyncDispose]: dispose,
    rotate,
    /** Every kind of token that must be refused with 401, made afresh. */
    badTokens: (): Promise<readonly BadToken[]> => badTokens(forge),
  }
}

async function startWeb(jwks: () => Promise<unknown>) {
  const fetches = { discovery: 0, jwks: 0, others: 0 }
  /** Replace what is answered, for an issuer that misbehaves. */
  const answers: { discovery?: unknown; jwks?: unknown } = {}

  const answer = async (url: string | undefined): Promise<unknown> => {
    if (url === `${PATH}/.well-known/openid-configuration`) {
      fetches.discovery++
      return answers.discovery ?? { issuer, jwks_uri: `${issuer}/keys` }
    }
    if (url === `${PATH}/keys`) {
      fetches.jwks++
      return answers.jwks ?? jwks()
    }
    fetches.others++
    return jwks()
  }

  let server = await listen(answer, 0)
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}${PATH}`

  const stop = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }

  /** Comes back on the same port. */
  const start = async (): Promise<void> => {
    server = await listen(answer, port)
  }

  return { issuer, fetches, answers, stop, start }
}

async function listen(answer: (url: string | undefined) => Promise<unknown>, port: number) {
  const server = createServer(async (request, response) => {
    const body = await answer(request.url)
    response.setHeader('connection', 'close')
    if (body instanceof Response) {
      response.writeHead(body.status, Object.fromEntries(body.headers)).end(await body.clone().text())
    } else response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}
