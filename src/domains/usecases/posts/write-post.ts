import { type NewPost, Post } from '../../entities/post.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

/** A user writes a post. */
export async function writePost({ posts, outbox }: UnitOfWork, command: NewPost): Promise<Post> {
  const post = Post.write(command)

  await posts.add(post)
  await outbox.add(PostEvents.written.of(post))

  return post
}
