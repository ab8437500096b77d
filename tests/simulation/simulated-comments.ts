import { CommentText } from '../../src/domains/entities/comment-text.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { rewriteComment } from '../../src/domains/usecases/comments/rewrite-comment.ts'
import { writeComment } from '../../src/domains/usecases/comments/write-comment.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { alice, bob, superAdmin } from '../fixtures.ts'
import { commentId } from '../kit/comments.ts'
import { type Faults, startProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'
import type { SimulatedForum } from './simulated-forum.ts'
import { unlessExpected } from './simulated-writers.ts'

const [WRITERS, COMMENTS] = [3, 4]
const text = CommentText.parse('Well said.')

type Needs = Readonly<{
  world: World
  forum: SimulatedForum
  faults: () => Faults
  posts: readonly Post[]
  /** How likely it is after each comment that Bob leaves. */
  leaving: number
}>

/** Alice and Bob comment on posts, some of which are removed. Resolves when they are done, or dead. */
export async function letComment({ world, forum, faults, posts, leaving }: Needs): Promise<void> {
  const { dice, sleep } = world

  async function comment({ transact }: Store): Promise<void> {
    const details = { at: forum.today(), expected: null, editor: superAdmin, remover: superAdmin, text }
    const id = commentId(forum.newNumber())
    const postId = dice.pick(posts).id
    const ownerId = dice.pick([alice, bob]).userId

    await transact((uow) => writeComment(uow, { ...details, id, postId, ownerId }))
    if (dice.chance(0.3)) await transact((uow) => rewriteComment(uow, { ...details, id }))
    if (dice.chance(0.05)) await transact((uow) => removePost(uow, { ...details, id: postId }))
    if (dice.chance(leaving)) await transact((uow) => removeUser(uow, { id: bob.userId, at: details.at }))
  }

  async function write(store: Store): Promise<void> {
    for (let i = 0; i < COMMENTS; i++) {
      await sleep(dice.below(150))
      await comment(store).catch(unlessExpected)
    }
  }

  const lives = Array.from({ length: WRITERS }, (_, i) => {
    const process = startProcess(`writer ${i}`, world, faults)
    return Promise.race([write(forum.storeOf(process)), process.died])
  })
  await Promise.all(lives)
}
