import type { IdentityProvider } from '../../../domains/ports/identity-provider.ts'
import type { VitalSigns } from '../../../patterns/vital-signs.ts'
import { UnusableIssuer } from './unusable-issuer.ts'

/** The issuer. It is not required, as a balancer cannot mend it: all replicas stand on the same one. */
export const identitySigns = (provider: Pick<IdentityProvider, 'ping'>): VitalSigns => ({
  checks: {
    identity: {
      ping: () => provider.ping(),
      isRequired: false,
      causeOf: ({ cause }) => (cause instanceof UnusableIssuer ? cause.message : null),
    },
  },
  metrics: [],
})
