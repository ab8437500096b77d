import type { CommentId } from '../../domains/entities/comment.ts'
import type { PostId } from '../../domains/entities/post.ts'
import type { UnitOfWork } from '../../domains/ports/unit-of-work.ts'

export const postKey = (id: PostId): string => `post:${id}`
export const commentKey = (id: CommentId): string => `comment:${id}`

/** Keys and families of which a unit of work may have made every copy an old one. */
export type Touched = Readonly<{ keys: Set<string>; families: Set<string> }>

/**
 * The same unit of work, which notes what it is asked to change. Who is in a set that is removed is known to the store
 * alone: then the whole family is noted.
 */
export function touching(uow: UnitOfWork, { keys, families }: Touched): UnitOfWork {
  const { posts, comments } = uow
  const touch = <Part, Rest extends readonly unknown[]>(
    note: (part: Part) => void,
    ask: (part: Part, ...rest: Rest) => Promise<void>,
  ) => {
    return (part: Part, ...rest: Rest): Promise<void> => {
      note(part)
      return ask(part, ...rest)
    }
  }
  const post = ({ id }: { id: PostId }) => keys.add(postKey(id))
  const comment = ({ id }: { id: CommentId }) => keys.add(commentKey(id))
  const allPosts = () => families.add('post')
  const allComments = () => families.add('comment')

  return {
    ...uow,
    posts: {
      get: posts.get,
      add: touch(post, posts.add),
      save: touch(post, posts.save),
      remove: touch(post, posts.remove),
      removeOwnedBy: touch(allPosts, posts.removeOwnedBy),
    },
    comments: {
      get: comments.get,
      add: touch(comment, comments.add),
      save: touch(comment, comments.save),
      remove: touch(comment, comments.remove),
      removeOn: touch(allComments, comments.removeOn),
      removeAround: touch(allComments, comments.removeAround),
    },
  }
}
