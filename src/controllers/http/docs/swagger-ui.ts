import swaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { PRODUCT } from '../../../patterns/product.ts'
import { swaggerUiPolicy } from './page-policy.ts'
import { ALL_SCOPES, type SignIn } from './sign-in.ts'

/** The page of Swagger UI, at /docs. */
export const swaggerUiPage =
  ({ clientId, addresses }: SignIn) =>
  async (http: FastifyInstance): Promise<void> => {
    http.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', swaggerUiPolicy(await addresses()))
    })
    http.addHook('onSend', async ({ client, routeOptions }, _reply, page) =>
      routeOptions.url === '/docs' && typeof page === 'string' ? withBasePath(client.base.path, page) : page,
    )
    await http.register(swaggerUi, options(clientId))
  }

/** The page names its files by their path here, unless it is asked for with a slash at the end. */
const withBasePath = (path: string, page: string): string => page.replaceAll('="/docs/', () => `="${path}/docs/`)

/** Hides the field for a client secret, which a public client lacks, and shows the whole dialog at once. */
const STYLE = `
  .swagger-ui .auth-container .wrapper:has([for^=client_secret]) { display: none }
  .swagger-ui .dialog-ux .modal-ux-content { max-height: 80vh }
`

/** No badge of an outside validator, no bar to load other documents; a token is gone when the page is closed. */
const options = (clientId: string): FastifySwaggerUiOptions => ({
  routePrefix: '/docs',
  theme: { title: PRODUCT.title, css: [{ filename: 'page.css', content: STYLE }] },
  initOAuth: { appName: PRODUCT.title, clientId, scopes: ALL_SCOPES, usePkceWithAuthorizationCodeGrant: true },
  uiConfig: { layout: 'BaseLayout', persistAuthorization: false, displayRequestDuration: true, validatorUrl: null },
  uiHooks: {
    /** The page asks for the document as JSON and as YAML below /docs: both lead to the one document, as JSON is YAML. */
    async onRequest({ routeOptions }, reply) {
      if (/\/(?:json|yaml)$/.test(routeOptions.url ?? '')) return reply.redirect('/openapi.json')
    },
  },
})
