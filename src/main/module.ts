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

/** What modules get to build their services. */
export type ModuleNeeds = Readonly<{
  store: Store
  accounts: AccountGuard
  authorization: Authorization
  now: () => Date
  newId: <Id extends string>() => Id
  sleep: Sleep
  /** The id of the user with a subject of the issuer. */
  idOf: (subject: string) => UserId
  webhook: WebhookSettings
  /** Logs failures after which the service continues, with a text that says what they mean. */
  logWarning: (text: string) => (error: unknown) => void
}>

/** The owners of the sample data, and the store. */
export type Seeding = Readonly<{ store: Store; at: Date; idOf: (username: SampleUser) => UserId }>

/** The owners of the sample data, by their names at the development issuer. */
export const SAMPLE_USERS = ['alice', 'bob', 'carol'] as const
type SampleUser = (typeof SAMPLE_USERS)[number]

/** Everything that the service registers for one noun: routes, documentation, consumers, sample data. Listed in {@link MODULES}. */
export type Module = Readonly<{
  tag: HttpModule['tag']

  /** Its consumer, and the types of events that it handles: the message queue keeps them for it from its first start on. */
  consumes?: Consumer & Readonly<{ topics: readonly string[] }>

  /** The type whose permissions an engine stores, and the events after which they may change. */
  permissions?: PermissionSource

  create(needs: ModuleNeeds): Readonly<{
    service: object
    routes: HttpModule['routes']
    /** Its gRPC services. */
    grpc?: GrpcService
    openRoutes?: HttpModule['openRoutes']
    consumer?: EventConsumer
  }>

  /** Writes its sample data, after the modules before it. Existing rows stay as they are. */
  seed?(seeding: Seeding): Promise<void>
}>
