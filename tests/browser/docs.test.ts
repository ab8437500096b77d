import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { openChromium } from '../kit/chromium.ts'
import { skipWithout } from '../kit/engines.ts'
import { type Service, startService } from '../kit/service.ts'

type Browser = Awaited<ReturnType<typeof openChromium>>

describe('the documentation in a browser', { skip: skipWithout('chromium') }, () => {
  const pictures = mkdtempSync(join(tmpdir(), 'forum-screenshots-'))
  let service: Service
  let browser: Browser

  before(async () => {
    service = await startService()
    browser = await openChromium()
  })

  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await service?.[Symbol.asyncDispose]()
    console.log(`screenshots: ${pictures}`)
  })

  for (const host of ['127.0.0.1', 'localhost']) {
    it(`lets a new user sign in at the development issuer and write a post, opened at ${host}`, async () => {
      const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `${host}-${name}.png`) })
      const page = await browser.context.newPage()
      await page.goto(`${service.url.replace('127.0.0.1', host)}/docs`)
      await page.getByRole('heading', { name: 'Forum' }).waitFor()
      await picture(page, '1-docs')

      await page.locator('.scheme-container .authorize').click()
      const signIn = page.locator('.auth-container', { hasText: 'authorizationCode' })
      assert.equal(await signIn.locator('#client_id_authorizationCode').inputValue(), 'forum-docs')
      await picture(page, '2-authorize')
      await signInAs(`newcomer at ${host}`, browser.context, () => signIn.locator('button.authorize').click(), picture)
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
    })
  }

  it('shows the operations in ReDoc', async () => {
    const page = await browser.context.newPage()
    await page.goto(`${service.url}/redoc`)
    await page.getByRole('heading', { name: /operation\/writePost/ }).waitFor()
    await page.screenshot({ path: join(pictures, 'redoc-1.png') })
    await page
      .getByRole('menuitem', { name: /comments/ })
      .first()
      .click()
    await page.getByRole('heading', { name: /operation\/writeComment/ }).scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(pictures, 'redoc-2-operation.png') })
    await page.getByPlaceholder('Search').fill('rewrite')
    await page.getByRole('search').getByText('Rewrite a comment').waitFor()
    await page.screenshot({ path: join(pictures, 'redoc-3-search.png') })

    const headings = await page.getByRole('heading').allTextContents()
    for (const name of ['List posts', 'Remove a comment', 'Read your own account']) {
      assert.ok(
        headings.some((heading) => heading.includes(name)),
        name,
      )
    }
  })

  it('asks no foreign host for anything', () => {
    const { port } = new URL(service.url)
    assert.deepEqual([...browser.hosts()].sort(), [`127.0.0.1:${port}`, `localhost:${port}`])
  })

  it('breaks no rule of its own', () => {
    assert.deepEqual(browser.complaints, [])
  })
})

/** Goes through the window that the page opens, until it closes itself. */
async function signInAs(
  username: string,
  context: BrowserContext,
  start: () => Promise<void>,
  picture: (page: Page, name: string) => Promise<unknown>,
): Promise<void> {
  const [window] = await Promise.all([context.waitForEvent('page'), start()])
  await window.getByLabel('Username').fill(username)
  await picture(window, '3-sign-in')
  await Promise.all([window.waitForEvent('close'), window.getByRole('button', { name: 'Sign in' }).click()])
}
