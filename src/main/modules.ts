import type { Module, ModuleNeeds } from './module.ts'
import { comments } from './modules/comments.ts'
import { notifications } from './modules/notifications.ts'
import { posts } from './modules/posts.ts'
import { userSynchronization } from './modules/user-synchronization.ts'
import { users } from './modules/users.ts'

/** All modules of the service, one line each, in the order of the documentation. */
const MODULES = {
  posts,
  comments,
  notifications,
  users,
  userSynchronization,
}

const ALL: readonly Module[] = Object.values(MODULES)

/** The names of all consumers, started or not. */
export const CONSUMER_NAMES: readonly string[] = ALL.flatMap(({ consumes }) => consumes?.name ?? [])

/** The topics that each of them reads, by its name. */
export const TOPICS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ALL.flatMap(({ consumes }) => (consumes === undefined ? [] : [[consumes.name, consumes.topics]])),
)

/** How users are reconciled with their provider, and which of its events are applied. */
export const { createReconciliation, eventTypes: EVENT_TYPES } = userSynchronization

/** The sources of the permissions in an engine. */
export const PERMISSION_SOURCES = ALL.flatMap(({ permissions }) => permissions ?? [])

/** Writes the sample data of each. */
export const SEEDS = ALL.flatMap(({ seed }) => seed ?? [])

type Services = {
  readonly [Name in keyof typeof MODULES]: ReturnType<(typeof MODULES)[Name]['create']>['service']
}

/** Creates all modules: their services by name, their routes, and their consumers. */
export function createModules(needs: ModuleNeeds) {
  const made = Object.entries<Module>(MODULES).map(([name, { tag, create }]) => ({ name, tag, ...create(needs) }))
  return {
    services: Object.fromEntries(made.map(({ name, service }) => [name, service])) as Services,
    http: made,
    grpc: made.flatMap(({ grpc }) => grpc ?? []),
    consumers: made.flatMap(({ consumer }) => consumer ?? []),
  }
}
