import type { Page } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Post, PostId } from '../entities/post.ts'
import { PostText } from '../entities/post-text.ts'
import type { Expected } from '../entities/version.ts'
import type { Authorization } from '../ports/authorization.ts'
import type { Listing, Position } from '../ports/listing.ts'
import type { PostFilter, Store } from '../ports/store.ts'
import { removePost } from '../usecases/posts/remove-post.ts'
import { rewritePost } from '../usecases/posts/rewrite-post.ts'
import { writePost } from '../usecases/posts/write-post.ts'
import { listPage } from './list-page.ts'
import type { Membership } from './membership.ts'
import type { Answered, Repeatable } from './repeatable.ts'

/**
 * What users do with posts; each method also throws {@link AccountDisabled}. Changes and removals are for whom
 * {@link Authorization} permits them.
 */
export interface PostService {
  /** @throws {PostNotFound} */
  read(query: Readonly<{ reader: Actor; id: PostId }>): Promise<Post>

  /** One page; with the number of all that match, which costs more, only on demand. */
  list(
    query: Readonly<{ reader: Actor; listing: Listing<PostFilter>; withTotal: boolean }>,
  ): Promise<Page<Post, Position>>

  /** Once, however often the same request comes. @throws {InvalidInput} */
  write(command: Write): Promise<Answered<Post>>

  /** @throws {InvalidInput} @throws {PostNotFound} @throws {Forbidden} @throws {StaleVersion} */
  rewrite(command: Rewrite): Promise<Post>

  /** With all that belongs to it. @throws {PostNotFound} @throws {Forbidden} @throws {StaleVersion} */
  remove(command: Readonly<{ remover: Actor; id: PostId; expected: Expected }>): Promise<void>
}

type Write = Readonly<{ author: Actor; text: string; request?: Repeatable | null }>
type Rewrite = Readonly<{ editor: Actor; id: PostId; text: string; expected: Expected }>
type Needs = Readonly<{
  members: Membership
  authorization: Authorization
  posts: Store['posts']
  now: () => Date
  newId: () => PostId
}>

export const createPostService = ({ members, authorization, posts, now, newId }: Needs): PostService => ({
  read: ({ reader, id }) => members.reading(reader, () => posts.get(id)),

  list: ({ reader, listing, withTotal }) => members.reading(reader, () => listPage(posts, listing, withTotal)),

  async write({ author, text, request = null }) {
    const post = { id: newId(), ownerId: author.userId, text: PostText.parse(text), at: now() }
    return members.adding(author, request, (uow) => writePost(uow, post))
  },

  async rewrite({ text, ...command }) {
    const change = { ...command, text: PostText.parse(text) }
    const permit = authorization.permit('post', 'update')
    return members.changing(command.editor, (uow) => rewritePost(uow, { ...change, at: now() }, permit))
  },

  remove(command) {
    const permit = authorization.permit('post', 'delete')
    return members.changing(command.remover, (uow) => removePost(uow, { ...command, at: now() }, permit))
  },
})
