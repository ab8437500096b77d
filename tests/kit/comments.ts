import { Comment, CommentId } from '../../src/domains/entities/comment.ts'
import { CommentText } from '../../src/domains/entities/comment-text.ts'
import { createCommentService } from '../../src/domains/services/comment-service.ts'
import { builtinAuthorization } from '../../src/infrastructures/authorization/builtin/builtin-authorization.ts'
import { bob, type Given, type Loose, noon, p1, setUp } from '../fixtures.ts'
import { uuid } from './ids.ts'

export const commentId = (n: number): CommentId => CommentId.parse(uuid('c', n))
export const [c1, c2, c3] = [commentId(1), commentId(2), commentId(3)]

/** The id that the service of `setUpComments` gives first. */
export const newComment = commentId(1001)

/** A comment of Bob on Alice's post, written at noon. */
export const aComment = ({ text = 'Well said.', ...fields }: Loose<Comment> = {}): Comment => ({
  ...Comment.write({
    id: c1,
    postId: p1,
    ownerId: bob.userId,
    text: CommentText.parse(text),
    at: fields.createdAt ?? noon,
  }),
  ...fields,
})

/** What `setUp` makes, with comments. */
export function setUpComments({ comments = [], ...given }: Given & { comments?: readonly Comment[] } = {}) {
  const forum = setUp(given)
  for (const comment of comments) forum.state.comment.set(comment.id, comment)

  const { accounts, store, now } = forum
  const { authorization = builtinAuthorization } = given
  let last = 1000
  const newId = () => commentId(++last)
  return {
    ...forum,
    commentService: createCommentService({ accounts, authorization, comments: store.comments, now, newId }),
  }
}
