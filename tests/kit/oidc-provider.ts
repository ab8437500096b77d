import {
  createOidcIdentityProvider,
  type OidcSettings,
} from '../../src/infrastructures/authentication/oidc/identity-provider.ts'
import { PRODUCT } from '../../src/patterns/product.ts'

/** A provider whose clocks stand still until they are moved. */
export function setUpProvider(issuer: Readonly<{ issuer: string }>, settings: Partial<OidcSettings> = {}) {
  const start = Date.now()
  let elapsed = 0
  const provider = createOidcIdentityProvider({
    issuer: issuer.issuer,
    audiences: [PRODUCT.namespace],
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    now: () => new Date(start + elapsed),
    uptime: () => 1 + elapsed,
    ...settings,
  })
  const wait = (milliseconds: number): void => {
    elapsed += milliseconds
  }
  return { ...provider, wait }
}
