import { DomainError } from '../../src/domains/errors/domain-error.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { alice, postContent, postId } from '../fixtures.ts'
import { type Faults, startProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'
import type { SimulatedForum } from './simulated-forum.ts'

type Needs = Readonly<{ world: World; forum: SimulatedForum; faults: () => Faults; onWritten: () => void }>

/** People who write, rewrite and remove posts of Alice, and give up what fails. Resolves when they are done, or dead. */
export async function letWrite({ world, forum, faults, onWritten }: Needs, writers: number, changes: number) {
  const { dice, sleep } = world
  let posts = 0

  async function change({ transact }: Store): Promise<void> {
    const at = forum.today()
    if (posts === 0 || dice.chance(0.3)) {
      const id = postId(++posts)
      await transact((uow) => writePost(uow, { id, ownerId: alice.userId, ...postContent(), at }))
      return
    }
    const id = postId(1 + dice.below(posts))
    if (dice.chance(0.1)) await transact((uow) => removePost(uow, { id, remover: alice, expected: null, at }))
    else await transact((uow) => rewritePost(uow, { id, editor: alice, ...postContent(), expected: null, at }))
  }

  async function write(store: Store): Promise<void> {
    for (let i = 0; i < changes; i++) {
      await sleep(dice.below(150))
      await change(store).catch(unlessExpected)
      onWritten()
    }
  }

  const lives = Array.from({ length: writers }, (_, i) => {
    const process = startProcess(`writer ${i}`, world, faults)
    return Promise.race([write(forum.storeOf(process)), process.died])
  })
  await Promise.all(lives)
}

export function unlessExpected(error: unknown): void {
  if (!(error instanceof DomainError)) throw error
}
