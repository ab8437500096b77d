import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { openChromium } from '../kit/chromium.ts'
import { asNewcomer, writePostOnDocsPage } from '../kit/docs-page.ts'
import { documented } from '../kit/documented.ts'
import { skipWithout } from '../kit/engines.ts'
import { startNginx } from '../kit/nginx.ts'
import { freePorts, startService } from '../kit/service.ts'

const skip = skipWithout('chromium') || skipWithout('nginx')

describe('the pages in a browser, behind nginx that strips a prefix', { skip }, () => {
  const opened = new AsyncDisposableStack()
  let browser: Awaited<ReturnType<typeof openChromium>>
  let publicUrl: string

  before(async () => {
    const [port = 0] = await freePorts(1)
    const nginx = opened.use(await startNginx(documented('behind-a-proxy.md', 'nginx').replace(':8080', `:${port}`)))
    publicUrl = `${nginx.url}/forum`
    const env = { HTTP_PORT: String(port), DATABASE_URL: 'memory:', PUBLIC_URL: publicUrl }
    opened.use(await startService({ env }))
    browser = opened.use(await openChromium())
  })
  after(() => opened.disposeAsync())

  it('let a new user sign in at the development issuer and write a post', async () => {
    await writePostOnDocsPage(browser.context, `${publicUrl}/docs`, asNewcomer('newcomer'))
  })

  it('lead from the first one to ReDoc', async () => {
    const page = await browser.context.newPage()
    await page.goto(`${publicUrl}/`)
    await page.getByRole('link', { name: 'Read the API reference' }).click()
    await page.getByRole('heading', { name: /operation\/writePost/ }).waitFor()
    await page.getByRole('link', { name: '/docs' }).click()
    await page.getByRole('heading', { name: PRODUCT.title }).waitFor()

    assert.equal(page.url(), `${publicUrl}/docs`)
  })

  it('ask for nothing that is not below the prefix, and break no rule', () => {
    const others = browser.requested.filter(
      ({ protocol, href }) => /^http/.test(protocol) && !href.startsWith(`${publicUrl}/`),
    )

    assert.deepEqual([others.map(({ href }) => href), browser.complaints], [[], []])
  })
})
