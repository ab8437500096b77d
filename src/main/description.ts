import type { Config } from './config.ts'
import { developmentIssuerUrl } from './development.ts'
import { VERSION } from './version.ts'

/** Where the service listens, and what is plugged into each port of the architecture. Tells no secret. */
export function describe(config: Config): readonly string[] {
  const { host, port } = config.http
  const address = (number: number) => `http://${host.includes(':') ? `[${host}]` : host}:${number}`

  return [
    `forum ${VERSION} is ready (${config.environment})`,
    `REST: ${address(port)}/v1, documented at ${address(port)}/docs and ${address(port)}/redoc`,
    `health: ${address(config.healthPort)}/health-check`,
    `store: ${storeName(config.store)}`,
    `identity provider: ${config.oidc.issuer ?? `the development issuer, ${developmentIssuerUrl(config)}`}`,
  ]
}

function storeName(store: Config['store']): string {
  switch (store.kind) {
    case 'memory':
      return 'memory, gone when the service ends'
    case 'sqlite':
      return `SQLite, ${store.file}`
    case 'postgres': {
      const { host, pathname } = new URL(store.url)
      return `PostgreSQL, ${host}${pathname}`
    }
  }
}
