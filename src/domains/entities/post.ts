import type { Branded } from '../../patterns/brand.ts'
import { identifier } from './identifier.ts'
import type { PostText } from './post-text.ts'
import type { UserId } from './user.ts'
import { assertVersion, type ExpectedVersions, notBefore } from './version.ts'

export type PostId = Branded<string, 'PostId'>
export const PostId = identifier<PostId>('id')

/** A text that a user wrote for all users to read. */
export type Post = Readonly<{
  id: PostId
  ownerId: UserId
  text: PostText
  version: number
  createdAt: Date
  updatedAt: Date
}>

/** The fields of a new post. */
export type NewPost = Readonly<{ id: PostId; ownerId: UserId; text: PostText; at: Date }>

/** A change of an existing post. */
export type PostChange = Readonly<{ text: PostText; expected: ExpectedVersions; at: Date }>

export type PostRemoval = Readonly<{ expected: ExpectedVersions; at: Date }>

export const Post = {
  write: ({ id, ownerId, text, at }: NewPost): Post => ({
    id,
    ownerId,
    text,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }),

  rewrite(post: Post, { text, expected, at }: PostChange): Post {
    assertVersion(post, expected)
    return { ...post, text, version: post.version + 1, updatedAt: notBefore(post.updatedAt, at) }
  },

  /** The last version of the post: the one in its removal event. */
  remove(post: Post, { expected, at }: PostRemoval): Post {
    assertVersion(post, expected)
    return { ...post, version: post.version + 1, updatedAt: notBefore(post.updatedAt, at) }
  },
}
