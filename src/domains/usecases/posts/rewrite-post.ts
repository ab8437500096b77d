import { Post, type PostChange, type PostId } from '../../entities/post.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RewritePost = PostChange & Readonly<{ id: PostId }>

/** The owner of a post replaces its content. */
export async function rewritePost({ posts, outbox }: UnitOfWork, { id, ...change }: RewritePost): Promise<Post> {
  const post = Post.rewrite(await posts.get(id), change)

  await posts.save(post)
  await outbox.add(PostEvents.rewritten.of(post))

  return post
}
