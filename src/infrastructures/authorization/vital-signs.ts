import type { Monitoring } from '../../patterns/monitoring.ts'
import type { OpenAuthorization } from './open-authorization.ts'

/** What decides about permissions. It is not required: reading goes on without it, and all replicas ask the same one. */
export const authorizationSigns = ({ ping }: Pick<OpenAuthorization, 'ping'>): Monitoring => ({
  checks: { authorization: { ping, isRequired: false } },
  metrics: [],
})
