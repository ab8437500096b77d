import type { CommentId } from '../../domains/entities/comment.ts'
import type { PostId } from '../../domains/entities/post.ts'
import type { UserId } from '../../domains/entities/user.ts'
import { CommentNotFound } from '../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../domains/errors/post-errors.ts'
import type { UnitOfWork } from '../../domains/ports/unit-of-work.ts'
import { writePlain } from '../../patterns/plain-data.ts'
import type { Aggregates, Noun, UnannouncedChange } from './change.ts'
import type { StoreDriver } from './driver.ts'
import { ownChanges } from './own-changes.ts'
import type { ChangeRecord } from './record.ts'

/** A unit of work that reads what is kept, sees its own changes, and only writes down what is to be done. */
export function recordingUnitOfWork(driver: StoreDriver, record: ChangeRecord): UnitOfWork {
  const posts = aggregates('post', record, (id: PostId) => driver.posts.get(id))
  const comments = aggregates('comment', record, (id: CommentId) => driver.comments.get(id))
  const users = aggregates('user', record, (id: UserId) => driver.users.find(id))

  return {
    posts: {
      ...posts.changes,
      get: async (id) => (await posts.find(id)) ?? fail(new PostNotFound()),
      async removeOwnedBy(owner, at) {
        record.add({ verb: 'remove-posts-owned-by', of: owner, at })
        posts.hide((post) => post.ownerId === owner)
      },
    },

    comments: {
      ...comments.changes,
      get: async (id) => (await comments.find(id)) ?? fail(new CommentNotFound()),
      async removeOn(post, at) {
        record.add({ verb: 'remove-comments-on', of: post, at })
        comments.hide((comment) => comment.postId === post)
      },
      async removeAround(user, at) {
        record.add({ verb: 'remove-comments-around', of: user, at })
        comments.hide(async ({ ownerId, postId }) => {
          const post = await posts.find(postId)
          return ownerId === user || post === null || post.ownerId === user
        })
      },
    },

    users: { find: users.find, add: users.changes.add, save: users.changes.save },

    outbox: { add: async (event) => record.announce(event) },

    notifications: {
      async get(id) {
        record.mustBeOpen()
        return driver.notifications.get(id)
      },
      add: async (notification) => record.add({ verb: 'give-notification', notification }),
      save: async (notification) => record.add({ verb: 'mark-notification', notification }),
      removeOf: async (owner) => record.add({ verb: 'remove-notifications-of', of: owner }),
    },

    inbox: { take: async (message) => record.add({ verb: 'take-message', message }) },

    answers: {
      keep: async (reservation, answer) => record.add({ verb: 'keep-answer', reservation, answer: writePlain(answer) }),
    },
  }
}

function aggregates<Of extends Noun>(
  noun: Of,
  record: ChangeRecord,
  read: (id: Aggregates[Of]['id']) => Promise<Aggregates[Of] | null>,
) {
  type State = Aggregates[Of]
  const own = ownChanges<State['id'], State>()
  const seen = new Map<State['id'], Promise<State | null>>()

  /** What was read once stays as it was: else a newer version could be followed by what an older one led to. */
  function readOnce(id: State['id']): Promise<State | null> {
    const before = seen.get(id)
    if (before !== undefined) return before
    const reading = read(id)
    seen.set(id, reading)
    return reading
  }

  function change(verb: UnannouncedChange['verb'], state: State, left: State | null): void {
    record.add({ noun, verb, state } as UnannouncedChange)
    own.set(state.id, left)
  }

  return {
    hide: own.hide,

    async find(id: State['id']): Promise<State | null> {
      record.mustBeOpen()
      return own.over(id, () => readOnce(id))
    },

    changes: {
      add: async (state: State): Promise<void> => change('add', state, state),
      save: async (state: State): Promise<void> => change('save', state, state),
      remove: async (state: State): Promise<void> => change('remove', state, null),
    },
  }
}

function fail(error: Error): never {
  throw error
}
