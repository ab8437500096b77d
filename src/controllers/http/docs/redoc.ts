import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { PRODUCT } from '../../../patterns/product.ts'
import { REDOC_POLICY } from './page-policy.ts'

const SCRIPT = '/redoc/redoc.standalone.js'
const FONT = 'system-ui, sans-serif'
const THEME = { typography: { fontFamily: FONT, headings: { fontFamily: FONT } } }

const pageAt = (path: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${PRODUCT.title}</title>
    <link rel="icon" type="image/png" href="${path}/docs/static/favicon-32x32.png">
    <style>body { margin: 0 }</style>
  </head>
  <body>
    <redoc spec-url="${path}/openapi.json" expand-responses="200,201" theme='${JSON.stringify(THEME)}'></redoc>
    <script src="${path}${SCRIPT}"></script>
  </body>
</html>
`

/** Vendored, because its package has a hundred dependencies. */
const BUNDLE = new URL('../../../../vendor/redoc/redoc.standalone.js', import.meta.url)

/** The page of ReDoc, at /redoc. Its bundle is read when first asked for. */
export async function redocPage(http: FastifyInstance): Promise<void> {
  let script: Promise<Script> | undefined

  http.get('/redoc', async ({ client }, reply) => {
    reply.type('text/html; charset=utf-8').header('content-security-policy', REDOC_POLICY)
    return pageAt(client.base.path)
  })

  http.get(SCRIPT, async ({ headers }, reply) => {
    script ??= readScript(BUNDLE)
    const { text, etag } = await script
    reply.headers({ etag, 'cache-control': 'public, max-age=3600' })
    if (headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('text/javascript; charset=utf-8').send(text)
  })
}

type Script = Readonly<{ text: string; etag: string }>

/** The bundle would load a logo from another host; this removes it. */
const FOREIGN_PICTURE = 'https://cdn.redoc.ly/redoc/logo-mini.svg'

async function readScript(file: URL): Promise<Script> {
  const text = (await readFile(file, 'utf8')).replaceAll(FOREIGN_PICTURE, 'data:,')
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
}
