import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { Retention, StoreDriver } from '../driver.ts'
import { applyChange } from './apply-change.ts'
import { openDraft } from './memory-draft.ts'
import { memoryKeys } from './memory-keys.ts'
import { memoryNotifications } from './memory-notifications.ts'
import { memoryOutbox } from './memory-outbox.ts'
import { memoryReader } from './memory-reader.ts'
import { emptyState, type MemoryState, pairOf } from './memory-state.ts'

/** Keeps everything in this process, until it ends. A commit is one synchronous step, so nobody sees half of it. */
export const memoryDriver = (state: MemoryState = emptyState(), now: () => number = Date.now): StoreDriver => ({
  posts: memoryReader(state.post, () => new PostNotFound()),
  comments: memoryReader(state.comment, () => new CommentNotFound()),
  users: { find: async (id) => state.user.get(id) ?? null },
  notifications: memoryNotifications(state),
  inbox: { digestOf: async (consumer, id) => state.handled.get(pairOf(consumer, id))?.message.digest ?? null },
  keys: memoryKeys(state, now),
  outbox: memoryOutbox(state, now),

  async commit(changes) {
    const draft = openDraft(state, now)
    try {
      for (const change of changes) applyChange(draft, change)
    } catch (error) {
      draft.rollBack()
      throw error
    }
  },

  async prune(retention) {
    prune(state, retention, now())
    return false
  },

  ping: async () => {},
  close: async () => {},
})

function prune(state: MemoryState, { publishedMs, handledMs }: Retention, now: number): void {
  const { published, handled, latest, key } = state
  for (const [id, { event, publishedAt }] of published) {
    if (Math.max(publishedAt, event.time.getTime()) < now - publishedMs) published.delete(id)
  }
  for (const [name, { message, handledAt }] of handled) {
    if (handledAt >= now - handledMs) continue
    handled.delete(name)
    const subject = pairOf(message.consumer, message.subject)
    if (latest.get(subject) === message.version) latest.delete(subject)
  }
  for (const [name, { expiresAt }] of key) if (expiresAt < now) key.delete(name)
}
