import type { Actor } from '../../entities/actor.ts'
import { Post, type PostId } from '../../entities/post.ts'
import type { PostText } from '../../entities/post-text.ts'
import type { Expected } from '../../entities/version.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RewritePost = Readonly<{ id: PostId; editor: Actor; text: PostText; expected: Expected; at: Date }>

/** The owner of a post replaces its text. */
export async function rewritePost(
  { posts, outbox }: UnitOfWork,
  { id, editor, text, expected, at }: RewritePost,
): Promise<Post> {
  const post = Post.rewrite(await posts.get(id), editor, text, expected, at)

  await posts.save(post)
  await outbox.add(PostEvents.rewritten.of(post))

  return post
}
