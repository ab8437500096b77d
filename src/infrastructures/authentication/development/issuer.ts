import type { IncomingMessage, ServerResponse } from 'node:http'
import { createPeople } from './people.ts'
import { createProvider, type ProviderSettings } from './provider.ts'
import { createSignIn } from './sign-in.ts'
import { signingKey } from './signing-key.ts'

export type DevelopmentIssuer = Readonly<{
  /** Answers a request below the path of the issuer. Nobody may have read its body before. */
  handle(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse): void
}>

/** An OpenID Connect issuer without passwords, for development. `issuer` is a URL with a path, such as `/issuer`. */
export async function createDevelopmentIssuer({
  dataDirectory,
  ...settings
}: ProviderSettings & Readonly<{ dataDirectory: string }>): Promise<DevelopmentIssuer> {
  const people = createPeople()
  const provider = await createProvider(settings, await signingKey(dataDirectory), people)
  const answer = provider.callback()
  const signIn = createSignIn(provider, people, settings.redirectUris)
  const { host, pathname: mount } = new URL(settings.issuer)

  return {
    handle(request, response) {
      const path = (request.url ?? '').slice(mount.length)
      request.originalUrl = request.url ?? ''
      request.url = path.startsWith('/') ? path : `/${path}`
      request.headers.host = host // The library makes its addresses of this header, which a client may choose.

      const answering = path.startsWith('/interaction/') ? signIn(request, response) : answer(request, response)
      answering.catch((error: Error) => response.destroy(error))
    },
  }
}
