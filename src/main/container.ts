import { createHttpServer } from '../controllers/http/server.ts'
import { createCommentService } from '../domains/services/comment-service.ts'
import { createMembership } from '../domains/services/membership.ts'
import { createPostService } from '../domains/services/post-service.ts'
import { createUserService } from '../domains/services/user-service.ts'
import { uuidV7 } from '../infrastructures/identifiers/uuid-v7.ts'
import { createStore } from '../infrastructures/store/create-store.ts'
import { openStore } from '../infrastructures/store/open-store.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { requestLine } from '../infrastructures/telemetry/request-line.ts'
import type { Config } from './config.ts'
import { openIdentity } from './identity.ts'
import { VERSION } from './version.ts'

/** Builds the whole application, inside out. Disposing it closes everything in reverse order. */
export async function createContainer(config: Config, logger: Logger) {
  await using building = new AsyncDisposableStack()
  const now = () => new Date()

  // infrastructures
  const driver = building.adopt(await openStore(config.store, storeOptions(config, logger)), (open) => open.close())
  const store = createStore(driver)
  const identity = await openIdentity(config, logger)

  // domains
  const members = createMembership({ store, now })
  const services = {
    posts: createPostService({ members, posts: store.posts, now, newId: uuidV7 }),
    comments: createCommentService({ members, comments: store.comments, now, newId: uuidV7 }),
    users: createUserService({ members, store, now }),
  }

  // controllers
  const { corsOrigins, rateLimit } = config.http
  const log = requestLine(logger)
  const { provider, mounts, signIn } = identity
  const docs = { version: VERSION, signIn }
  const server = await createHttpServer({ services, identity: provider, corsOrigins, rateLimit, docs, mounts, log })
  const http = building.adopt(server, (open) => open.close())

  const resources = building.move()
  return {
    http,
    checks: { database: { ping: () => driver.ping(), isRequired: true } },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

const storeOptions = ({ migrates, poolSize }: Config, logger: Logger) => ({
  migrates,
  poolSize,
  onIdleError: (error: Error) =>
    logger.warn({ 'error.message': error.message }, 'an idle database connection was lost'),
})
