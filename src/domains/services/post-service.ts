import type { Page } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Post, PostId } from '../entities/post.ts'
import { PostText } from '../entities/post-text.ts'
import type { ExpectedVersions } from '../entities/version.ts'
import type { Authorization } from '../ports/authorization.ts'
import type { KeysetPosition, ListQuery } from '../ports/list-query.ts'
import type { PostFilter, Store } from '../ports/store.ts'
import { removePost } from '../usecases/posts/remove-post.ts'
import { rewritePost } from '../usecases/posts/rewrite-post.ts'
import { writePost } from '../usecases/posts/write-post.ts'
import type { AccountGuard } from './account-guard.ts'
import type { IdempotentRequest, IdempotentResult } from './idempotency.ts'
import { listPage } from './list-page.ts'

/**
 * What users do with posts; each method also throws {@link AccountDisabled}. Changes and removals need a permit of
 * {@link Authorization}.
 */
export interface PostService {
  /** @throws {PostNotFound} */
  read(query: Readonly<{ reader: Actor; id: PostId }>): Promise<Post>

  /** One page; with the number of all that match, which costs more, only on demand. */
  list(
    query: Readonly<{ reader: Actor; listQuery: ListQuery<PostFilter>; withTotal: boolean }>,
  ): Promise<Page<Post, KeysetPosition>>

  /** Once, however often the same request comes. @throws {InvalidInput} */
  write(command: Write): Promise<IdempotentResult<Post>>

  /** @throws {InvalidInput} @throws {PostNotFound} @throws {Forbidden} @throws {StaleVersion} */
  rewrite(command: Rewrite): Promise<Post>

  /** With all that belongs to it. @throws {PostNotFound} @throws {Forbidden} @throws {StaleVersion} */
  remove(command: Readonly<{ remover: Actor; id: PostId; expected: ExpectedVersions }>): Promise<void>
}

type Write = Readonly<{ author: Actor; text: string; request?: IdempotentRequest | null }>
type Rewrite = Readonly<{ editor: Actor; id: PostId; text: string; expected: ExpectedVersions }>
type Needs = Readonly<{
  accounts: AccountGuard
  authorization: Authorization
  posts: Store['posts']
  now: () => Date
  newId: () => PostId
}>

export const createPostService = ({ accounts, authorization, posts, now, newId }: Needs): PostService => ({
  read: ({ reader, id }) => accounts.read(reader, () => posts.get(id)),

  list: ({ reader, listQuery, withTotal }) => accounts.read(reader, () => listPage(posts, listQuery, withTotal)),

  async write({ author, text, request = null }) {
    const post = { id: newId(), ownerId: author.userId, text: PostText.parse(text), at: now() }
    return accounts.create(author, request, (uow) => writePost(uow, post))
  },

  async rewrite({ text, ...command }) {
    const change = { ...command, text: PostText.parse(text) }
    const permit = authorization.permit('post', 'update')
    return accounts.update(command.editor, (uow) => rewritePost(uow, { ...change, at: now() }, permit))
  },

  remove(command) {
    const permit = authorization.permit('post', 'delete')
    return accounts.update(command.remover, (uow) => removePost(uow, { ...command, at: now() }, permit))
  },
})
