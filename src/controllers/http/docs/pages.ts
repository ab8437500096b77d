import type { FastifyInstance } from 'fastify'
import { withAddresses } from './document.ts'
import { type Home, homePage } from './home.ts'
import { redocPage } from './redoc.ts'
import type { SignIn } from './sign-in.ts'
import { swaggerUiPage } from './swagger-ui.ts'

/** What the pages say about this service, and how their readers get a token. */
export type Documentation = Home & Readonly<{ signIn: SignIn }>

/** The documentation of the API, without authentication: the OpenAPI document, and two pages to read it. */
export const documentationPages =
  ({ signIn, ...home }: Documentation) =>
  async (http: FastifyInstance): Promise<void> => {
    http.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-cache')
    })

    http.get('/openapi.json', async ({ client }) =>
      withAddresses(http.swagger(), await signIn.addresses(), client.base),
    )
    await http.register(swaggerUiPage(signIn))
    await http.register(redocPage)
    await http.register(homePage(home))
  }
