import type { IncomingMessage, ServerResponse } from 'node:http'
import { createAccounts } from './accounts.ts'
import { createProvider, type ProviderSettings } from './provider.ts'
import { createSignIn } from './sign-in.ts'
import { signingKey } from './signing-key.ts'

export type DevelopmentIssuer = Readonly<{
  /** Answers a request below `mountPath`. Its body must be unread. */
  handle(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse): void
}>

export type DevelopmentIssuerSettings = ProviderSettings &
  Readonly<{
    dataDirectory: string
    /** The path of its requests here; by default that of `issuer`. A proxy in front of it may have taken a part away. */
    mountPath?: string
  }>

/** An OpenID Connect issuer without passwords, for development. `issuer` is a URL with a path, such as `/issuer`. */
export async function createDevelopmentIssuer(settings: DevelopmentIssuerSettings): Promise<DevelopmentIssuer> {
  const accounts = createAccounts()
  const provider = await createProvider(settings, await signingKey(settings.dataDirectory), accounts)
  const handleRequest = provider.callback()
  const signIn = createSignIn(provider, accounts, settings.redirectUris)
  const { host, protocol, pathname } = new URL(settings.issuer)
  const { mountPath = pathname } = settings

  return {
    handle(request, response) {
      const path = (request.url ?? '').slice(mountPath.length)
      request.url = path.startsWith('/') ? path : `/${path}`
      // The library makes its addresses of these, which a client may choose.
      request.originalUrl = pathname + request.url
      Object.assign(request.headers, { host, 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) })

      const handled = path.startsWith('/interaction/') ? signIn(request, response) : handleRequest(request, response)
      handled.catch((error: Error) => response.destroy(error))
    },
  }
}
