import { KEYCLOAK_EVENT_TYPES } from '../../controllers/http/v1/keycloak-user-event.ts'
import { userWebhook } from '../../controllers/http/v1/users-webhook.ts'
import { createUserReconciliation } from '../../domains/services/user-reconciliation.ts'
import { createUserSynchronization } from '../../domains/services/user-synchronization.ts'
import type { Module } from '../module.ts'

/** Mirrors the users of Keycloak. */
export const userSynchronization = {
  tag: {
    name: 'identity',
    description: 'Events about users, which the identity provider sends. Clients do not call it.',
  },

  create({ store, now, idOf, webhook }) {
    const service = createUserSynchronization({ store, now, idOf })
    return { service, routes: [], openRoutes: [userWebhook(service, webhook)] }
  },

  /** The event types for which the webhook must be registered. */
  eventTypes: KEYCLOAK_EVENT_TYPES,

  /** Repairs the changes that the webhook has lost. */
  createReconciliation: createUserReconciliation,
} satisfies Module & Record<string, unknown>
