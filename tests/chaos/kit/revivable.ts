import { setImmediate as nextTurn } from 'node:timers/promises'
import { freePorts, type Service, startService } from '../../kit/service.ts'
import { startAll } from '../../kit/start-all.ts'
import type { TestIssuer } from '../../kit/test-issuer.ts'

export type Settings = Readonly<Record<string, string>>

/** The settings of a service under test: it trusts this issuer, limits no caller, and logs failures only. */
export const settingsFor = (issuer: TestIssuer, databaseUrl: string): Settings => ({
  DATABASE_URL: databaseUrl,
  OIDC_ISSUER: issuer.issuer,
  RATE_LIMIT: 'off',
  LOG_LEVEL: 'warn',
})

/** A process of the service that may be killed, and then comes back on the same ports. */
export async function startRevivable(settings: Settings) {
  const [HTTP_PORT = '', HEALTH_PORT = '', GRPC_PORT = ''] = (await freePorts(3)).map(String)
  const env = { HTTP_PORT, HEALTH_PORT, GRPC_PORT, ...settings }
  let service: Service = await startService({ env })

  return {
    url: service.url,
    healthUrl: service.healthUrl,
    current: () => service,
    isRunning: () => Promise.race([service.ended.then(() => false), nextTurn(true)]),

    async killAndRevive(): Promise<void> {
      await service[Symbol.asyncDispose]()
      service = await startService({ env })
    },

    /** Lets it stop in order and starts it again; says how it ended, and how long that took. */
    async restart() {
      const start = performance.now()
      const code = await service.stop()
      const milliseconds = performance.now() - start
      if (code !== 0) console.error(service.logs())
      await service[Symbol.asyncDispose]()
      service = await startService({ env })
      return { code, milliseconds }
    },

    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

/** Several processes of the service on one database. */
export async function startTeam(settings: Settings, members = 2) {
  const services = await startAll(members, () => startRevivable(settings))
  return {
    services,
    urls: services.map(({ url }) => url),
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(services.map((service) => service[Symbol.asyncDispose]()))
    },
  }
}
