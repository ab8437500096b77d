import type { Branded } from '../../patterns/brand.ts'
import { Actor } from './actor.ts'
import { identifier } from './identifier.ts'
import type { PostText } from './post-text.ts'
import type { UserId } from './user.ts'
import { type Expected, latest, mustBeExpected } from './version.ts'

export type PostId = Branded<string, 'PostId'>
export const PostId = identifier<PostId>('id')

/** Something that a user wrote for everyone to read. */
export type Post = Readonly<{
  id: PostId
  ownerId: UserId
  text: PostText
  version: number
  createdAt: Date
  updatedAt: Date
}>

export const Post = {
  write: (id: PostId, ownerId: UserId, text: PostText, at: Date): Post => ({
    id,
    ownerId,
    text,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }),

  rewrite(post: Post, editor: Actor, text: PostText, expected: Expected, at: Date): Post {
    Post.mustBeChangeable(post, editor, expected)
    return { ...post, text, version: post.version + 1, updatedAt: latest(post.updatedAt, at) }
  },

  /** The last version of the post: what its removal announces. */
  remove(post: Post, remover: Actor, expected: Expected, at: Date): Post {
    Post.mustBeChangeable(post, remover, expected)
    return { ...post, version: post.version + 1, updatedAt: latest(post.updatedAt, at) }
  },

  mustBeChangeable(post: Post, editor: Actor, expected: Expected): void {
    Actor.mustOwn(editor, post)
    mustBeExpected(post, expected)
  },
}
