import type { FastifyInstance } from 'fastify'
import { withSignIn } from './document.ts'
import { redocPage } from './redoc.ts'
import type { SignIn } from './sign-in.ts'
import { swaggerUiPage } from './swagger-ui.ts'

/** The documentation of the interface, open to everyone: its document, and two ways to read it. */
export const documentationPages =
  (signIn: SignIn) =>
  async (http: FastifyInstance): Promise<void> => {
    http.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-cache')
    })

    http.get('/openapi.json', async () => withSignIn(http.swagger(), await signIn.addresses()))
    await http.register(swaggerUiPage(signIn))
    await http.register(redocPage)
  }
