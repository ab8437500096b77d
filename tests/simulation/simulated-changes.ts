import type { CommentId } from '../../src/domains/entities/comment.ts'
import { CommentText } from '../../src/domains/entities/comment-text.ts'
import type { PostId } from '../../src/domains/entities/post.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { removeComment } from '../../src/domains/usecases/comments/remove-comment.ts'
import { rewriteComment } from '../../src/domains/usecases/comments/rewrite-comment.ts'
import { writeComment } from '../../src/domains/usecases/comments/write-comment.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { alice, bob, postContent, postId, superAdmin } from '../fixtures.ts'
import { commentId } from '../kit/comments.ts'
import type { Dice, World } from '../kit/simulated-world.ts'
import type { SimulatedForum } from './simulated-forum.ts'

const PLACES = 3

/** Changes of a few posts and comments by the super admin, of what is there or not, as chance has it. */
export function changesOf({ dice }: World, { state, today }: SimulatedForum) {
  const posts = places(dice, postId, state.post)
  const comments = places(dice, commentId, state.comment)
  const details = () => ({ at: today(), editor: superAdmin, remover: superAdmin, expected: null })

  function writeOne({ transact }: Store): Promise<unknown> {
    const content = postContent(`Written at ${today().getTime()}.`)
    const { id, isNew } = posts.toWrite()
    const post = { ...details(), id, ...content, ownerId: dice.pick([alice, bob]).userId }
    return transact<unknown>((uow) => (isNew ? writePost(uow, post) : rewritePost(uow, post)))
  }

  function commentOnOne({ transact }: Store): Promise<unknown> {
    const text = CommentText.parse(`Written at ${today().getTime()}.`)
    const { id, isNew } = comments.toWrite()
    const comment = { ...details(), id, text, postId: posts.one(), ownerId: dice.pick([alice, bob]).userId }
    return transact<unknown>((uow) => (isNew ? writeComment(uow, comment) : rewriteComment(uow, comment)))
  }

  return {
    aPost: (): PostId => posts.one(),
    aComment: (): CommentId => comments.one(),

    change(store: Store): Promise<unknown> {
      const [luck, at] = [dice.fraction(), today()]
      if (luck < 0.01) return store.transact((uow) => removeUser(uow, { id: dice.pick([alice, bob]).userId, at }))
      if (luck < 0.08) return store.transact((uow) => removePost(uow, { id: posts.one(), ...details() }))
      if (luck < 0.15) return store.transact((uow) => removeComment(uow, { id: comments.one(), ...details() }))
      return luck < 0.6 ? writeOne(store) : commentOnOne(store)
    },
  }
}

/** Few ids at a time. What is gone is followed by another id: each is added once. */
function places<Id extends string>(dice: Dice, idOf: (n: number) => Id, kept: ReadonlyMap<string, unknown>) {
  let numbers = PLACES
  const ids = Array.from({ length: PLACES }, (_, i) => idOf(i + 1))
  const added = new Set<Id>()

  return {
    one: (): Id => dice.pick(ids),

    toWrite(): Readonly<{ id: Id; isNew: boolean }> {
      const place = dice.below(PLACES)
      let id = ids[place] as Id
      if (added.has(id) && !kept.has(id) && dice.chance(0.5)) {
        id = idOf(++numbers)
        ids[place] = id
      }
      const isNew = !added.has(id)
      added.add(id)
      return { id, isNew }
    },
  }
}
