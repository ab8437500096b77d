import { createHash } from 'node:crypto'
import { PRODUCT } from '../../src/patterns/product.ts'
import { createBrowser, next } from './browser.ts'

const VERIFIER = 'v'.repeat(43)

/** Where a browser begins at a realm: to sign in, to register, or to do one thing to the own account. */
export function formAddress(issuer: string, page: 'auth' | 'registrations', action?: string): URL {
  const query = new URLSearchParams({
    ...{ client_id: PRODUCT.docsClient, response_type: 'code', scope: 'openid', code_challenge_method: 'S256' },
    redirect_uri: 'http://127.0.0.1:8080/docs/static/oauth2-redirect.html',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    ...(action && { kc_action: action }),
  })
  return new URL(`${issuer}/protocol/openid-connect/${page}?${query}`)
}

/** A person in front of the forms of a server. */
export function openForms() {
  const browse = createBrowser()

  /** Follows redirects as long as they stay on the server. */
  async function reach(url: URL): Promise<readonly [URL, Response]> {
    let [at, page] = [url, await browse(url)]
    while (isRedirect(page) && next(page, at).origin === url.origin) {
      at = next(page, at)
      page = await browse(at)
    }
    return [at, page]
  }

  return {
    reach,

    /** Fills in the form at an address, or behind it, and sends it; answers where that leads. */
    async send(url: URL, fields: Readonly<Record<string, string>>, status = 302): Promise<URL> {
      const [at, page] = await reach(url)
      const [, action = ''] = /action="([^"]+)"/.exec(await page.text()) ?? []
      const to = new URL(action.replaceAll('&amp;', '&'), at)
      const sent = await browse(to, { method: 'POST', body: new URLSearchParams(fields) })
      if (sent.status !== status) throw new Error(`the form was not taken: ${sent.status}`)
      return isRedirect(sent) ? next(sent, to) : to
    },
  }
}

const isRedirect = ({ status }: Response): boolean => status === 302 || status === 303

const passwordOf = (username: string) => ({ username, password: username })

/** Somebody gives the own account another address, as the account console has it done. */
export async function updateEmail(issuer: string, username: string, email: string): Promise<void> {
  const { send } = openForms()
  await send(await send(formAddress(issuer, 'auth', 'UPDATE_EMAIL'), passwordOf(username)), { email })
}

/** Somebody deletes the own account, as the account console has it done: the answer is a page that says so. */
export async function deleteAccount(issuer: string, username: string): Promise<void> {
  const { send } = openForms()
  await send(await send(formAddress(issuer, 'auth', 'delete_account'), passwordOf(username)), {}, 200)
}

/** Somebody signs in for the first time through an identity provider of the realm, which is a realm of the same server. */
export async function signInThrough(issuer: string, provider: string, username: string): Promise<void> {
  const { send, reach } = openForms()
  const address = formAddress(issuer, 'auth')
  address.searchParams.set('kc_idp_hint', provider)
  const [, { status }] = await reach(await send(address, passwordOf(username)))
  if (status !== 302) throw new Error(`the sign-in did not end: ${status}`)
}
