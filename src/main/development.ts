import type { Config } from './config.ts'

/** Where the development issuer keeps its key. */
export const DATA_DIRECTORY = './data'

/** Who the documentation page is to the development issuer. */
export const DOCS_CLIENT = 'forum-docs'

/** Where the documentation page takes up the answer of an issuer. */
export const REDIRECT_PATH = '/docs/static/oauth2-redirect.html'

/** The issuer that runs within this service, under the address at which the service is reached on this machine. */
export function developmentIssuerUrl({ http: { host, port } }: Config): string {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}/issuer`
}
