import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { StoreDriver } from '../driver.ts'
import { applyChange } from './apply-change.ts'
import { openDraft } from './memory-draft.ts'
import { memoryReader } from './memory-reader.ts'
import { emptyState, type MemoryState } from './memory-state.ts'

/** Keeps everything in this process, until it ends. A commit is one synchronous step, so nobody sees half of it. */
export const memoryDriver = (state: MemoryState = emptyState()): StoreDriver => ({
  posts: memoryReader(state.post, () => new PostNotFound()),
  comments: memoryReader(state.comment, () => new CommentNotFound()),
  users: { find: async (id) => state.user.get(id) ?? null },

  async commit(changes) {
    const draft = openDraft(state)
    try {
      for (const change of changes) applyChange(draft, change)
    } catch (error) {
      draft.rollBack()
      throw error
    }
  },

  ping: async () => {},
  close: async () => {},
})
