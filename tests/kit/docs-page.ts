import assert from 'node:assert/strict'
import type { BrowserContext, Page } from 'playwright-core'
import { PRODUCT } from '../../src/patterns/product.ts'

type Picture = (page: Page, name: string) => Promise<unknown>

/** Fills in the page on which an issuer signs people in, and sends it. */
type SignIn = (window: Page) => Promise<void>

/** Opens the documentation, signs in, and writes the post of the example. */
export async function writePostOnDocsPage(
  context: BrowserContext,
  url: string,
  signInAs: SignIn,
  picture: Picture = async () => {},
): Promise<void> {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('heading', { name: PRODUCT.title }).waitFor()
  await picture(page, '1-docs')

  await page.locator('.scheme-container .authorize').click()
  const signIn = page.locator('.auth-container', { hasText: 'authorizationCode' })
  assert.equal(await signIn.locator('#client_id_authorizationCode').inputValue(), PRODUCT.docsClient)
  await picture(page, '2-authorize')
  await passWindow(context, () => signIn.locator('button.authorize').click(), signInAs, picture)
  await signIn.getByText('Logout').waitFor()
  await picture(page, '4-authorized')
  await page.locator('.auth-btn-wrapper .btn-done').first().click()

  const operation = page.locator('#operations-posts-writePost')
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.try-out__btn').click()
  await operation.locator('.execute').click()
  const status = operation.locator('.live-responses-table .response-col_status').last()
  await status.waitFor()
  await operation.locator('.live-responses-table').scrollIntoViewIfNeeded()
  await picture(page, '5-written')

  assert.match(String(await status.textContent()), /^201/)
}

/** Goes through the window that the page opens, until it closes itself. */
async function passWindow(
  context: BrowserContext,
  start: () => Promise<void>,
  signInAs: SignIn,
  picture: Picture,
): Promise<void> {
  const [window] = await Promise.all([context.waitForEvent('page'), start()])
  await window.waitForLoadState()
  await picture(window, '3-sign-in')
  await Promise.all([window.waitForEvent('close'), signInAs(window)])
}

/** At the development issuer, which asks for a name alone. */
export const asNewcomer =
  (username: string): SignIn =>
  async (window) => {
    await window.getByLabel('Username').fill(username)
    await window.getByRole('button', { name: 'Sign in' }).click()
  }

/** At Keycloak. */
export const asPerson =
  (username: string, password: string): SignIn =>
  async (window) => {
    await window.locator('#username').fill(username)
    await window.locator('#password').fill(password)
    await window.locator('#kc-login').click()
  }
