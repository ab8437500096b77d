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

/** A person in front of the forms of a realm. */
export function openForms() {
  const browse = createBrowser()

  return {
    /** Fills in the form at an address, or behind it, and sends it; answers where that leads. */
    async send(url: URL, fields: Readonly<Record<string, string>>): Promise<URL> {
      let [at, page] = [url, await browse(url)]
      while (page.status === 302) {
        at = next(page, at)
        page = await browse(at)
      }
      const [, action = ''] = /action="([^"]+)"/.exec(await page.text()) ?? []
      const to = new URL(action.replaceAll('&amp;', '&'), at)
      const sent = await browse(to, { method: 'POST', body: new URLSearchParams(fields) })
      if (sent.status !== 302) throw new Error(`the form was not taken: ${sent.status}`)
      return next(sent, to)
    },
  }
}

/** Somebody gives the own account another address, as the account console has it done. */
export async function updateEmail(issuer: string, username: string, email: string): Promise<void> {
  const { send } = openForms()
  const form = await send(formAddress(issuer, 'auth', 'UPDATE_EMAIL'), { username, password: username })
  await send(form, { email })
}
