import { announce } from '../../../domains/entities/event.ts'
import type { PostId } from '../../../domains/entities/post.ts'
import { latest } from '../../../domains/entities/version.ts'
import { AccountDisabled } from '../../../domains/errors/access-errors.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import { type AnnouncedChange, type Change, isSetRemoval, type SetRemoval } from '../change.ts'
import { applySilentChange } from './apply-silent-change.ts'
import type { MemoryDraft } from './memory-draft.ts'

/** Applies one change to a draft, or throws. */
export function applyChange(draft: MemoryDraft, change: Change): void {
  if ('state' in change) applyToAggregate(draft, change)
  else if (isSetRemoval(change)) removeSet(draft, change)
  else applySilentChange(draft, change)
}

function applyToAggregate(draft: MemoryDraft, change: AnnouncedChange): void {
  const { noun, verb, state, event } = change
  const kept = draft.find(noun, state.id)

  if (verb === 'add') mustHaveParents(draft, change)
  if (verb === 'remove' && noun === 'post') mustHaveNoComments(draft, state.id)
  if ((kept?.version ?? 0) !== state.version - 1) throw new Conflict()

  draft.put(noun, state.id, verb === 'remove' ? null : state)
  draft.publish(event)
}

function mustHaveParents(draft: MemoryDraft, { noun, state }: AnnouncedChange): void {
  if (noun === 'user') return
  if (!draft.find('user', state.ownerId)?.isActive) throw new AccountDisabled()
  if (noun === 'comment' && draft.find('post', state.postId) === null) throw new PostNotFound()
}

function mustHaveNoComments(draft: MemoryDraft, id: PostId): void {
  if (draft.all('comment').some(({ postId }) => postId === id)) throw new Conflict()
}

function removeSet(draft: MemoryDraft, removal: SetRemoval): void {
  for (const comment of draft.all('comment')) {
    const post = draft.find('post', comment.postId)
    const isMeant =
      (removal.verb === 'remove-comments-on' && comment.postId === removal.of) ||
      (removal.verb === 'remove-comments-around' && [comment.ownerId, post?.ownerId].includes(removal.of))
    if (!isMeant) continue
    draft.put('comment', comment.id, null)
    draft.publish(announce('comment.removed', next(comment, removal.at)))
  }

  for (const post of draft.all('post')) {
    if (removal.verb !== 'remove-posts-owned-by' || post.ownerId !== removal.of) continue
    mustHaveNoComments(draft, post.id)
    draft.put('post', post.id, null)
    draft.publish(announce('post.removed', next(post, removal.at)))
  }
}

const next = <State extends { version: number; updatedAt: Date }>(last: State, at: Date): State => ({
  ...last,
  version: last.version + 1,
  updatedAt: latest(last.updatedAt, at),
})
