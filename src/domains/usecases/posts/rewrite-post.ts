import { Actor } from '../../entities/actor.ts'
import { Post, type PostChange, type PostId } from '../../entities/post.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { Permit } from '../../ports/authorization.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RewritePost = PostChange & Readonly<{ id: PostId; editor: Actor }>

/** The owner of a post, or another user with a permit, replaces its content. */
export async function rewritePost(
  { posts, outbox }: UnitOfWork,
  { id, editor, ...change }: RewritePost,
  permit: Permit = Actor.assertOwner,
): Promise<Post> {
  const found = await posts.get(id)
  const pending = permit(editor, found)
  if (pending) await pending
  const post = Post.rewrite(found, change)

  await posts.save(post)
  await outbox.add(PostEvents.rewritten.of(post))

  return post
}
