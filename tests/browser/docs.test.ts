import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { PRODUCT } from '../../src/patterns/product.ts'
import { openChromium } from '../kit/chromium.ts'
import { asNewcomer, writePostOnDocsPage } from '../kit/docs-page.ts'
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
      const url = `${service.url.replace('127.0.0.1', host)}/docs`
      await writePostOnDocsPage(browser.context, url, asNewcomer(`newcomer at ${host}`), picture)
    })
  }

  it('shows the operations in ReDoc', async () => {
    const page = await browser.context.newPage()
    await page.goto(`${service.url}/redoc`)
    await page.getByRole('heading', { name: /operation\/writePost/ }).waitFor()
    await page.screenshot({ path: join(pictures, 'redoc-1.png') })
    await page.getByRole('menuitem', { name: /users/ }).first().click()
    await page.getByRole('heading', { name: /operation\/readUser/ }).scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(pictures, 'redoc-2-operation.png') })
    await page.getByPlaceholder('Search').fill('rewrite')
    await page.getByRole('search').getByText('Rewrite a post').waitFor()
    await page.screenshot({ path: join(pictures, 'redoc-3-search.png') })

    const headings = await page.getByRole('heading').allTextContents()
    for (const name of ['List posts', 'Remove a post', 'Read your own account']) {
      assert.ok(
        headings.some((heading) => heading.includes(name)),
        name,
      )
    }
  })

  it('is reached from the page at /', async () => {
    for (const [link, heading] of [
      ['Try the API', PRODUCT.title],
      ['Read the API reference', /operation\/writePost/],
    ] as const) {
      const page = await browser.context.newPage()
      await page.goto(service.url)
      await page.screenshot({ path: join(pictures, 'home.png') })
      await page.getByRole('link', { name: link }).click()
      await page.getByRole('heading', { name: heading }).waitFor()
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
