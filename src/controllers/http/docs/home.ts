import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { PRODUCT } from '../../../patterns/product.ts'

export type Home = Readonly<{
  version: string
  /** The health check, if the reader of the page can reach it. */
  healthUrl?: string | null
  /** A command that prints a token, where there is one. */
  tokenCommand?: string | null
}>

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
  body { max-width: 38rem; margin: 10vh auto; padding: 0 1rem }
  li { margin-block: .4rem }
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page at /, which leads to all others. Its links are relative: they hold below every prefix. */
export const homePage =
  (home: Home) =>
  async (http: FastifyInstance): Promise<void> => {
    const [direct, behindProxy] = [pageOf(home), pageOf({ ...home, healthUrl: null })]

    http.get('/', async ({ client }, reply) => {
      reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY)
      return client.base.url === '' ? direct : behindProxy
    })
  }

const pageOf = ({ version, healthUrl = null, tokenCommand = null }: Home): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${PRODUCT.title}</title>
    <link rel="icon" type="image/png" href="./docs/static/favicon-32x32.png">
    <style>${STYLE}</style>
  </head>
  <body>
    <h1>${PRODUCT.title}</h1>
    <p>Users write posts, and comments on posts. This is version ${version} of the service.</p>
    <ul>
      <li><a href="./docs">Try the API</a> (Swagger UI)</li>
      <li><a href="./redoc">Read the API reference</a> (ReDoc)</li>
      <li><a href="./openapi.json">Download its description</a> (OpenAPI 3.1)</li>
      ${healthUrl === null ? '' : `<li><a href="${healthUrl}">Health</a>, on a port of its own</li>`}
    </ul>
    <p>Everything under <code>/v1</code> needs a token: sign in with <em>Authorize</em> in Swagger UI${
      tokenCommand === null ? '' : `, or run <code>${tokenCommand}</code>, which prints one`
    }.</p>
  </body>
</html>
`
