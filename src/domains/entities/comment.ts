import type { Branded } from '../../patterns/brand.ts'
import type { CommentText } from './comment-text.ts'
import { identifier } from './identifier.ts'
import type { PostId } from './post.ts'
import type { UserId } from './user.ts'
import { assertVersion, type ExpectedVersions, notBefore } from './version.ts'

export type CommentId = Branded<string, 'CommentId'>
export const CommentId = identifier<CommentId>('id')

/** What a user wrote about a post. */
export type Comment = Readonly<{
  id: CommentId
  postId: PostId
  ownerId: UserId
  text: CommentText
  version: number
  createdAt: Date
  updatedAt: Date
}>

/** The fields of a new comment. */
export type NewComment = Readonly<{ id: CommentId; postId: PostId; ownerId: UserId; text: CommentText; at: Date }>

/** A change of an existing comment. */
export type CommentChange = Readonly<{ text: CommentText; expected: ExpectedVersions; at: Date }>

export type CommentRemoval = Readonly<{ expected: ExpectedVersions; at: Date }>

export const Comment = {
  write: ({ id, postId, ownerId, text, at }: NewComment): Comment => ({
    id,
    postId,
    ownerId,
    text,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }),

  rewrite(comment: Comment, { text, expected, at }: CommentChange): Comment {
    assertVersion(comment, expected)
    return { ...comment, text, version: comment.version + 1, updatedAt: notBefore(comment.updatedAt, at) }
  },

  /** The last version of the comment: the one in its removal event. */
  remove(comment: Comment, { expected, at }: CommentRemoval): Comment {
    assertVersion(comment, expected)
    return { ...comment, version: comment.version + 1, updatedAt: notBefore(comment.updatedAt, at) }
  },
}
