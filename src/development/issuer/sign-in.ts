import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { InvalidInput } from '../../domains/errors/input-errors.ts'
import { type AccountClaims, accountClaims } from './account-claims.ts'
import type { Accounts } from './accounts.ts'
import { pageHeaders, problemPage, signInPage } from './sign-in-page.ts'

const MAX_FORM_BYTES = 4 * 1024

/** Shows the sign-in page, and signs in the user who sends its form. */
export function createSignIn(provider: Provider, accounts: Accounts, redirectUris: readonly string[]) {
  const headers = pageHeaders([...new Set(redirectUris.map((uri) => new URL(uri).origin))])

  const show = (response: ServerResponse, status: number, page: string): void => {
    response.writeHead(status, headers).end(page)
  }

  const submit = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const identity = claimsIn(await formIn(request))
    if (identity instanceof InvalidInput) return show(response, 422, signInPage(`The username ${identity.message}.`))
    accounts.signIn(identity)
    await provider.interactionFinished(request, response, { login: { accountId: identity.sub } })
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await provider.interactionDetails(request, response)
    } catch {
      return show(
        response,
        400,
        problemPage('This sign-in has expired: go back to where you came from and start again.'),
      )
    }
    if (request.method === 'POST') return submit(request, response)
    show(response, 200, signInPage(null))
  }
}

async function formIn(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= MAX_FORM_BYTES) chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function claimsIn(form: URLSearchParams): AccountClaims | InvalidInput {
  try {
    return accountClaims(form.get('username') ?? '', form.has('super_admin') ? ['super_admin'] : [])
  } catch (error) {
    if (error instanceof InvalidInput) return error
    throw error
  }
}
