import type { Page } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Comment, CommentId } from '../entities/comment.ts'
import { CommentText } from '../entities/comment-text.ts'
import type { PostId } from '../entities/post.ts'
import type { ExpectedVersions } from '../entities/version.ts'
import type { Authorization } from '../ports/authorization.ts'
import type { KeysetPosition, ListQuery } from '../ports/list-query.ts'
import type { CommentFilter, Store } from '../ports/store.ts'
import { removeComment } from '../usecases/comments/remove-comment.ts'
import { rewriteComment } from '../usecases/comments/rewrite-comment.ts'
import { writeComment } from '../usecases/comments/write-comment.ts'
import type { AccountGuard } from './account-guard.ts'
import type { IdempotentRequest, IdempotentResult } from './idempotency.ts'
import { listPage } from './list-page.ts'

/**
 * What users do with comments; each method also throws {@link AccountDisabled}. Changes and removals need a permit of
 * {@link Authorization}.
 */
export interface CommentService {
  /** @throws {CommentNotFound} */
  read(query: Readonly<{ reader: Actor; id: CommentId }>): Promise<Comment>

  /** One page; with the number of all that match, which costs more, only on demand. */
  list(
    query: Readonly<{ reader: Actor; listQuery: ListQuery<CommentFilter>; withTotal: boolean }>,
  ): Promise<Page<Comment, KeysetPosition>>

  /** Once, however often the same request comes. @throws {InvalidInput} @throws {PostNotFound} */
  write(command: Write): Promise<IdempotentResult<Comment>>

  /** @throws {InvalidInput} @throws {CommentNotFound} @throws {Forbidden} @throws {StaleVersion} */
  rewrite(command: Rewrite): Promise<Comment>

  /** @throws {CommentNotFound} @throws {Forbidden} @throws {StaleVersion} */
  remove(command: Readonly<{ remover: Actor; id: CommentId; expected: ExpectedVersions }>): Promise<void>
}

type Write = Readonly<{ author: Actor; postId: PostId; text: string; request?: IdempotentRequest | null }>
type Rewrite = Readonly<{ editor: Actor; id: CommentId; text: string; expected: ExpectedVersions }>
type Needs = Readonly<{
  accounts: AccountGuard
  authorization: Authorization
  comments: Store['comments']
  now: () => Date
  newId: () => CommentId
}>

export const createCommentService = ({ accounts, authorization, comments, now, newId }: Needs): CommentService => ({
  read: ({ reader, id }) => accounts.read(reader, () => comments.get(id)),

  list: ({ reader, listQuery, withTotal }) => accounts.read(reader, () => listPage(comments, listQuery, withTotal)),

  async write({ author, postId, text, request = null }) {
    const comment = { id: newId(), postId, ownerId: author.userId, text: CommentText.parse(text), at: now() }
    return accounts.create(author, request, (uow) => writeComment(uow, comment))
  },

  async rewrite({ text, ...command }) {
    const change = { ...command, text: CommentText.parse(text) }
    const permit = authorization.permit('comment', 'update')
    return accounts.update(command.editor, (uow) => rewriteComment(uow, { ...change, at: now() }, permit))
  },

  remove(command) {
    const permit = authorization.permit('comment', 'delete')
    return accounts.update(command.remover, (uow) => removeComment(uow, { ...command, at: now() }, permit))
  },
})
