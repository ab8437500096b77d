import { type BrowserContext, chromium } from 'playwright-core'
import { chromiumPath } from './engines.ts'

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** A headless Chromium with an empty profile that reaches nothing but this machine, and keeps what it is asked for. */
export async function openChromium() {
  const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: FLAGS, chromiumSandbox: false })
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(20_000)
  return { context, ...watch(context), [Symbol.asyncDispose]: () => browser.close() }
}

/** Notes every request, and whatever the console complains of, of all pages that are opened from now on. */
function watch(context: BrowserContext) {
  const requested: URL[] = []
  const complaints: string[] = []

  context.on('request', (request) => requested.push(new URL(request.url())))
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`)
  })

  /** The hosts of the network that were asked for anything; data and blobs are at home. */
  const hosts = () =>
    new Set(requested.filter(({ protocol }) => /^(?:https?|wss?):/.test(protocol)).map((url) => url.host))
  return { requested, complaints, hosts }
}
