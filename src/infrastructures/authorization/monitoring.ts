import type { Monitoring } from '../../patterns/monitoring.ts'
import type { OpenAuthorization } from './open-authorization.ts'

/** The authorization engine. It is not required: reads work without it, and all replicas use the same one. */
export const authorizationMonitoring = ({ ping }: Pick<OpenAuthorization, 'ping'>): Monitoring => ({
  checks: { authorization: { ping, isRequired: false } },
  metrics: [],
})
