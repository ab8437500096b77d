import type { VitalSigns } from '../../patterns/vital-signs.ts'
import type { OpenAuthorization } from './open-authorization.ts'

/** What decides about permissions. It is not required: reading goes on without it, and all replicas ask the same one. */
export const authorizationSigns = ({ ping }: Pick<OpenAuthorization, 'ping'>): VitalSigns => ({
  checks: { authorization: { ping, isRequired: false } },
  metrics: [],
})
