import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevelopmentIssuer } from '../../src/development/issuer/issuer.ts'
import { mintDevelopmentToken } from '../../src/development/issuer/mint-token.ts'
import { createOidcIdentityProvider } from '../../src/infrastructures/authentication/oidc/identity-provider.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { createBrowser, next } from './browser.ts'

const audience = PRODUCT.namespace
const redirectUri = 'http://docs.example.org/docs/oauth2-redirect.html'
const verifier = 'a-verifier-of-at-least-forty-three-characters-0123456789'
const challenge = createHash('sha256').update(verifier).digest('base64url')

/** The development issuer on a port of its own, and the steps of those who sign in. */
export async function startDevelopmentIssuer() {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'development-issuer-'))
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/issuer`
  const { handle } = await createDevelopmentIssuer({ issuer, audience, dataDirectory, redirectUris: [redirectUri] })
  server.on('request', handle)

  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await rm(dataDirectory, { recursive: true })
  }

  const authenticate = (token: string) =>
    createOidcIdentityProvider({ issuer, audiences: [audience], algorithms: () => ['RS256'] }).authenticate(token)

  const mint = (username: string, roles: readonly string[] = []) =>
    mintDevelopmentToken({ issuer, audience, dataDirectory, username, roles, now: new Date() })

  return { issuer, dataDirectory, authenticate, mint, stop, ...signingIn(issuer) }
}

function signingIn(issuer: string) {
  const authorization = (parameters: Readonly<Record<string, string | undefined>> = {}): URL => {
    const all = {
      response_type: 'code',
      client_id: PRODUCT.docsClient,
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      state: 'state-1',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...parameters,
    }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return new URL(`${issuer}/auth?${new URLSearchParams(given)}`)
  }

  const toSignInPage = async (browse: ReturnType<typeof createBrowser>, start = authorization()) => {
    const url = next(await browse(start), start)
    return { url, page: await browse(url) }
  }

  const signIn = async (browse: ReturnType<typeof createBrowser>, form: Record<string, string>, start?: URL) => {
    const { url } = await toSignInPage(browse, start)
    const submitted = await browse(url, { method: 'POST', body: new URLSearchParams(form) })
    const resume = next(submitted, url)
    return next(await browse(resume), resume)
  }

  const redeem = (code: string, parameters: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    fetch(`${issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: PRODUCT.docsClient,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        code,
        ...parameters,
      }),
    })

  const tokensFor = async (form: Record<string, string>, start?: URL, browse = createBrowser()) => {
    const arrival = await signIn(browse, form, start)
    const answer = await redeem(arrival.searchParams.get('code') ?? '')
    return (await answer.json()) as { access_token: string; id_token: string; expires_in: number }
  }

  return { authorization, toSignInPage, signIn, redeem, tokensFor }
}
