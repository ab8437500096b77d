import type { EventConsumer } from '../controllers/events/event-consumer.ts'
import type { GrpcService } from '../controllers/grpc/service.ts'
import type { HttpModule } from '../controllers/http/routes.ts'
import type { WebhookSettings } from '../controllers/http/v1/users-webhook.ts'
import type { UserId } from '../domains/entities/user.ts'
import type { Authorization } from '../domains/ports/authorization.ts'
import type { Consumer } from '../domains/ports/message-queue.ts'
import type { Store } from '../domains/ports/store.ts'
import type { AccountGuard } from '../domains/services/account-guard.ts'
import type { PermissionSource } from '../domains/services/permission-sync.ts'
import type { Sleep } from '../patterns/cancellable-sleep.ts'

/** What modules are made of. */
export type ModuleNeeds = Readonly<{
  store: Store
  accounts: AccountGuard
  authorization: Authorization
  now: () => Date
  newId: <Id extends string>() => Id
  sleep: Sleep
  /** The id of whoever the issuer calls by a subject. */
  idOf: (subject: string) => UserId
  webhook: WebhookSettings
  /** How the log is told of failures that the service goes on after, under a text that says what they mean. */
  logWarning: (text: string) => (error: unknown) => void
}>

/** Whose samples are written, and where. */
export type Seeding = Readonly<{ store: Store; at: Date; idOf: (username: SampleUser) => UserId }>

/** Those to whom the samples belong: the development issuer knows them by these names. */
export const SAMPLE_USERS = ['alice', 'bob', 'carol'] as const
type SampleUser = (typeof SAMPLE_USERS)[number]

/** All that one noun is to the service: what {@link MODULES} lists is served, documented, consumed and seeded. */
export type Module = Readonly<{
  tag: HttpModule['tag']

  /** Its name at the message queue, which keeps events for it from when it is first known there. */
  consumes?: Consumer

  /** What an engine keeps permissions on: they follow these events. */
  permissions?: PermissionSource

  create(needs: ModuleNeeds): Readonly<{
    service: object
    routes: HttpModule['routes']
    /** What it answers over gRPC. */
    grpc?: GrpcService
    openRoutes?: HttpModule['openRoutes']
    consumer?: EventConsumer
  }>

  /** Writes its samples, after those of the modules before it. What is there already stays as it is. */
  seed?(seeding: Seeding): Promise<void>
}>
