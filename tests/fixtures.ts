import type { Actor } from '../src/domains/entities/actor.ts'
import { Post, PostId } from '../src/domains/entities/post.ts'
import { PostText } from '../src/domains/entities/post-text.ts'
import { User, UserId } from '../src/domains/entities/user.ts'
import type { Authorization } from '../src/domains/ports/authorization.ts'
import { createAccountGuard } from '../src/domains/services/account-guard.ts'
import { createPostService } from '../src/domains/services/post-service.ts'
import { createUserService } from '../src/domains/services/user-service.ts'
import { builtinAuthorization } from '../src/infrastructures/authorization/builtin/builtin-authorization.ts'
import { createStore, emptyState, memoryDriver } from './kit/forum-store.ts'
import { uuid } from './kit/ids.ts'
import { noon } from './kit/noon.ts'

export { minutesAfterNoon, noon } from './kit/noon.ts'

const userId = (n: number): UserId => UserId.parse(uuid('a', n))
export const postId = (n: number): PostId => PostId.parse(uuid('b', n))

const anActor = (id: UserId, name: string, isSuperAdmin = false): Actor => ({
  userId: id,
  profile: { username: name.toLowerCase(), fullName: name, email: `${name.toLowerCase()}@example.org` },
  isSuperAdmin,
})

export const alice = anActor(userId(1), 'Alice')
export const bob = anActor(userId(2), 'Bob')
export const superAdmin = anActor(userId(3), 'Ada', true)
export const stranger = anActor(userId(4), 'Zoe')

export const [p1, p2, p3] = [postId(1), postId(2), postId(3)]

/** The id that the service of `setUp` gives first. */
export const newPost = postId(1001)

export type Loose<State> = Partial<Omit<State, 'text'> & { text: string }>

/** What a caller writes into a post, for tests that do not look at it: a new field of posts is added here. */
export const postDraft = (text = 'Hello.') => ({ text })

/** The same, parsed. */
export const postContent = (text = 'Hello.') => ({ text: PostText.parse(text) })

/** A post of Alice, written at noon. */
export const aPost = ({ text, ...fields }: Loose<Post> = {}): Post => ({
  ...Post.write({ id: p1, ownerId: alice.userId, ...postContent(text), at: fields.createdAt ?? noon }),
  ...fields,
})

/** Alice's account, registered at noon. */
export const aUser = (fields: Partial<User> = {}): User => ({
  ...User.register(alice.userId, alice.profile, fields.createdAt ?? noon),
  ...fields,
})

/** What everyone may know of a user from events: no e-mail address and no full name. */
export function publicly({ email: _, fullName: __, subject: ___, identityRecord: ____, ...user }: User) {
  return user
}

export const userOf = ({ userId, profile }: Actor): User => User.register(userId, profile, noon)

export type Given = {
  users?: readonly User[]
  posts?: readonly Post[]
  authorization?: Authorization
}

/** The services over a memory store that keeps what is given; by default Alice, Bob and the super admin are known. */
export function setUp({
  users = [alice, bob, superAdmin].map(userOf),
  posts = [],
  authorization = builtinAuthorization,
}: Given = {}) {
  const state = emptyState()
  for (const user of users) state.user.set(user.id, user)
  for (const post of posts) state.post.set(post.id, post)

  const clock = { time: noon }
  const store = createStore(memoryDriver(state, () => clock.time.getTime()))
  const now = () => clock.time
  let lastPost = 1000
  const accounts = createAccountGuard({ store, now })

  return {
    store,
    state,
    clock,
    accounts,
    now,
    userService: createUserService({ accounts, store, now }),
    postService: createPostService({
      accounts,
      authorization,
      posts: store.posts,
      now,
      newId: () => postId(++lastPost),
    }),
    /** The events in the outbox, in the order of the commits. */
    storedEvents: () =>
      state.outbox.map(({ id: _, schemaVersion: __, traceparent: ___, ...event }) => ({
        ...event,
        data: JSON.parse(event.data, reviveTime),
      })),
    /** The same as `post.written 1`: type and version. */
    recordedEvents: () => state.outbox.map(({ type, version }) => `${type} ${version}`),
  }
}

const reviveTime = (name: string, value: unknown): unknown =>
  name.endsWith('At') && typeof value === 'string' ? new Date(value) : value
