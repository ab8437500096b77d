import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Makes a server listen, and says where. */
export async function urlOf(http: FastifyInstance): Promise<string> {
  if (!http.server.listening) await http.listen({ port: 0, host: '127.0.0.1' })
  return `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`
}
