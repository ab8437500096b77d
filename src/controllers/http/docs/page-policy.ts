import type { SignInAddresses } from './sign-in.ts'

/** Swagger UI asks the issuer for a token. */
export const swaggerUiPolicy = ({ token }: SignInAddresses): string =>
  confined(`connect-src 'self' ${new URL(token).origin}`)

/** ReDoc sets its styles from its script, and searches in a worker that it makes. */
export const REDOC_POLICY = confined("style-src 'self' 'unsafe-inline'", 'worker-src blob:')

/** A page loads from this service only, runs no inline script, and cannot be framed. */
function confined(...exceptions: readonly string[]): string {
  const rules = [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return [...rules, ...exceptions, "frame-ancestors 'none'"].join('; ')
}
