import type { Module, ModuleNeeds } from './module.ts'
import { comments } from './modules/comments.ts'
import { notifications } from './modules/notifications.ts'
import { posts } from './modules/posts.ts'
import { userSynchronization } from './modules/user-synchronization.ts'
import { users } from './modules/users.ts'

/** What the service is made of, one line each, in the order of the documentation. */
const MODULES = {
  posts,
  comments,
  notifications,
  users,
  userSynchronization,
}

const ALL: readonly Module[] = Object.values(MODULES)

/** Who consumes events, whether at work already or not. */
export const CONSUMER_NAMES: readonly string[] = ALL.flatMap(({ consumes }) => consumes?.name ?? [])

/** How the mirror of people is compared with their provider, and of which events it hears. */
export const { createReconciliation, eventTypes: EVENT_TYPES } = userSynchronization

/** What the permissions of an engine follow. */
export const PERMISSION_SOURCES = ALL.flatMap(({ permissions }) => permissions ?? [])

/** Writes the samples of each. */
export const SEEDS = ALL.flatMap(({ seed }) => seed ?? [])

type Services = {
  readonly [Name in keyof typeof MODULES]: ReturnType<(typeof MODULES)[Name]['create']>['service']
}

/** Makes all modules: their services by name, what they answer, and which events they consume. */
export function createModules(needs: ModuleNeeds) {
  const made = Object.entries<Module>(MODULES).map(([name, { tag, create }]) => ({ name, tag, ...create(needs) }))
  return {
    services: Object.fromEntries(made.map(({ name, service }) => [name, service])) as Services,
    http: made,
    grpc: made.flatMap(({ grpc }) => grpc ?? []),
    consumers: made.flatMap(({ consumer }) => consumer ?? []),
  }
}
