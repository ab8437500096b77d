/** The settings of every candidate. */
export const DATABASE_URL = process.env['DATABASE_URL'] ?? ''
export const OIDC_ISSUER = process.env['OIDC_ISSUER'] ?? ''
export const OIDC_AUDIENCE = process.env['OIDC_AUDIENCE'] ?? 'clean-architecture'
export const HTTP_PORT = Number(process.env['HTTP_PORT'])
export const HOST = '127.0.0.1'

/** Connections to the database that each candidate may open. */
export const CONNECTIONS = 10
