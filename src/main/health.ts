import { once } from 'node:events'
import { createHealthServer, type HealthNeeds } from '../controllers/health/health-server.ts'
import type { Config } from './config.ts'
import { whenListening } from './listen-error.ts'
import { VERSION } from './version.ts'

/** What the pages of health show. */
export type Health = Omit<HealthNeeds, 'version'>

/** Answers on HEALTH_PORT until it is disposed of. @throws {ListenError} */
export async function openHealth(
  { http: { host }, healthPort: port }: Config,
  needs: Health,
): Promise<AsyncDisposable> {
  const server = createHealthServer({ ...needs, version: VERSION })
  server.listen(port, host)
  await whenListening(once(server, 'listening'), { setting: 'HEALTH_PORT', host, port })

  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
