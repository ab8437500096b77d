import {
  createOidcIdentityProvider,
  type OidcSettings,
} from '../../src/infrastructures/authentication/oidc/identity-provider.ts'
import { PRODUCT } from '../../src/patterns/product.ts'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

export type ProviderSettings = Partial<Omit<OidcSettings, 'algorithms'>> & Readonly<{ algorithms?: readonly string[] }>

/** A provider whose clocks stand still until they are moved. */
export function setUpProvider(
  issuer: Readonly<{ issuer: string }>,
  { algorithms = ALGORITHMS, ...settings }: ProviderSettings = {},
) {
  const start = Date.now()
  let elapsed = 0
  const provider = createOidcIdentityProvider({
    issuer: issuer.issuer,
    audiences: [PRODUCT.namespace],
    algorithms: () => algorithms,
    now: () => new Date(start + elapsed),
    uptime: () => 1 + elapsed,
    ...settings,
  })
  const wait = (milliseconds: number): void => {
    elapsed += milliseconds
  }
  return { ...provider, wait }
}
