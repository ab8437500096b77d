import type { Page } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Post, PostId } from '../entities/post.ts'
import { PostText } from '../entities/post-text.ts'
import type { Expected } from '../entities/version.ts'
import type { Listing, Position } from '../ports/listing.ts'
import type { PostFilter, Store } from '../ports/store.ts'
import { removePost } from '../usecases/posts/remove-post.ts'
import { rewritePost } from '../usecases/posts/rewrite-post.ts'
import { writePost } from '../usecases/posts/write-post.ts'
import { listPage } from './list-page.ts'
import type { Membership } from './membership.ts'
import type { Answered, Repeatable } from './repeatable.ts'

export type PostService = ReturnType<typeof createPostService>

type Needs = { members: Membership; posts: Store['posts']; now: () => Date; newId: () => PostId }

/** What users do with posts. */
export const createPostService = ({ members, posts, now, newId }: Needs) => ({
  read: (reader: Actor, id: PostId): Promise<Post> => members.reading(reader, () => posts.get(id)),

  list: (reader: Actor, listing: Listing<PostFilter>, counted: boolean): Promise<Page<Post, Position>> =>
    members.reading(reader, () => listPage(posts, listing, counted)),

  async write(author: Actor, rawText: string, request: Repeatable | null = null): Promise<Answered<Post>> {
    const command = { id: newId(), ownerId: author.userId, text: PostText.parse(rawText), at: now() }
    return members.adding(author, request, (uow) => writePost(uow, command))
  },

  async rewrite(editor: Actor, id: PostId, rawText: string, expected: Expected): Promise<Post> {
    const text = PostText.parse(rawText)
    return members.changing(editor, (uow) => rewritePost(uow, { id, editor, text, expected, at: now() }))
  },

  remove: (remover: Actor, id: PostId, expected: Expected): Promise<void> =>
    members.changing(remover, (uow) => removePost(uow, { id, remover, expected, at: now() })),
})
