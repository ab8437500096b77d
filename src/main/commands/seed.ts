import { CommentId } from '../../domains/entities/comment.ts'
import { CommentText } from '../../domains/entities/comment-text.ts'
import { PostId } from '../../domains/entities/post.ts'
import { PostText } from '../../domains/entities/post-text.ts'
import { UserId } from '../../domains/entities/user.ts'
import { DomainError } from '../../domains/errors/domain-error.ts'
import type { Store } from '../../domains/ports/store.ts'
import { writeComment } from '../../domains/usecases/comments/write-comment.ts'
import { writePost } from '../../domains/usecases/posts/write-post.ts'
import { registerUser } from '../../domains/usecases/users/register-user.ts'
import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../../infrastructures/store/create-store.ts'
import { openStore } from '../../infrastructures/store/open-store.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { WrongUsage } from '../command-line.ts'
import type { Config } from '../config.ts'
import { loadIssuer } from '../development.ts'
import { COMMENTS, PEOPLE, POSTS } from '../samples.ts'

/** Writes sample users, posts and comments. Repeatable: what is there already stays as it is. */
export async function seed(config: Config, logger: Logger): Promise<void> {
  if (config.environment === 'production') throw new WrongUsage('seed: samples are not written in production')
  const { migrates, poolSize } = config
  const driver = await openStore(config.store, {
    aggregates: FORUM.aggregates,
    migrates,
    poolSize,
    onIdleError: () => {},
  })
  try {
    await writeSamples(createStore(driver, FORUM), config, new Date())
  } finally {
    await driver.close()
  }
  logger.info(`the samples are there: posts of ${PEOPLE.join(', ')}`)
}

async function writeSamples({ posts, comments, transact }: Store, config: Config, at: Date): Promise<void> {
  const { identityOf } = await loadIssuer(config)
  const idOf = (username: string) => UserId.parse(identityOf(username, []).sub)

  for (const username of PEOPLE) {
    const { name, email } = identityOf(username, [])
    const profile = { username, fullName: name, email }
    await transact((uow) => registerUser(uow, { id: idOf(username), profile, at }))
  }
  for (const sample of POSTS) {
    const post = { id: PostId.parse(sample.id), ownerId: idOf(sample.author), text: PostText.parse(sample.text), at }
    await unlessKept(posts.get(post.id), () => transact((uow) => writePost(uow, post)))
  }
  for (const sample of COMMENTS) {
    const [id, postId] = [CommentId.parse(sample.id), PostId.parse(sample.postId)]
    const comment = { id, postId, ownerId: idOf(sample.author), text: CommentText.parse(sample.text), at }
    await unlessKept(comments.get(id), () => transact((uow) => writeComment(uow, comment)))
  }
}

/** Writes what is not found; every other failure is told. */
async function unlessKept(kept: Promise<unknown>, write: () => Promise<unknown>): Promise<void> {
  try {
    await kept
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'not-found') throw error
    await write()
  }
}
