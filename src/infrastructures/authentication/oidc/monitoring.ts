import type { IdentityProvider } from '../../../domains/ports/identity-provider.ts'
import type { Monitoring } from '../../../patterns/monitoring.ts'
import { UnusableIssuer } from './unusable-issuer.ts'

/** The issuer. It is not required, because all replicas depend on the same one. */
export const identityMonitoring = (provider: Pick<IdentityProvider, 'ping'>): Monitoring => ({
  checks: {
    identity: {
      ping: () => provider.ping(),
      isRequired: false,
      causeOf: ({ cause }) => (cause instanceof UnusableIssuer ? cause.message : null),
    },
  },
  metrics: [],
})
