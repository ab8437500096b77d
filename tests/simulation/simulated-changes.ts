import type { Library } from '../kit/library/library.ts'
import { aBook, aReview } from '../kit/library/samples.ts'
import {
  removeBook,
  removeMember,
  removeReview,
  rewriteBook,
  rewriteReview,
  writeBook,
  writeReview,
} from '../kit/library/usecases.ts'
import type { Dice, World } from '../kit/simulated-world.ts'
import { bookId, MEMBERS, reviewId, type SimulatedLibrary } from './simulated-library.ts'

const PLACES = 3

/** Changes of a few books and reviews, of what is there or not, as chance has it. */
export function changesOf({ dice }: World, { state, today }: SimulatedLibrary) {
  const books = places(dice, bookId, state.book)
  const reviews = places(dice, reviewId, state.review)

  function writeOne({ transact }: Library): Promise<unknown> {
    const [at, { id, isNew }] = [today(), books.toWrite()]
    const text = `Written at ${at.getTime()}.`
    const book = aBook({ id, text, ownerId: dice.pick(MEMBERS), createdAt: at })
    return transact((uow) => (isNew ? writeBook(uow, book) : rewriteBook(uow, { id, text, at })))
  }

  function reviewOne({ transact }: Library): Promise<unknown> {
    const [at, { id, isNew }] = [today(), reviews.toWrite()]
    const text = `Written at ${at.getTime()}.`
    const review = aReview({ id, text, bookId: books.one(), ownerId: dice.pick(MEMBERS), createdAt: at })
    return transact((uow) => (isNew ? writeReview(uow, review) : rewriteReview(uow, { id, text, at })))
  }

  return {
    aBook: (): string => books.one(),
    aReview: (): string => reviews.one(),

    change(library: Library): Promise<unknown> {
      const [luck, at] = [dice.fraction(), today()]
      if (luck < 0.01) return library.transact((uow) => removeMember(uow, { id: dice.pick(MEMBERS), at }))
      if (luck < 0.08) return library.transact((uow) => removeBook(uow, { id: books.one(), at }))
      if (luck < 0.15) return library.transact((uow) => removeReview(uow, { id: reviews.one(), at }))
      return luck < 0.6 ? writeOne(library) : reviewOne(library)
    },
  }
}

/** Few ids at a time. What is gone is followed by another id: each is added once. */
function places(dice: Dice, idOf: (n: number) => string, kept: ReadonlyMap<string, unknown>) {
  let numbers = PLACES
  const ids = Array.from({ length: PLACES }, (_, i) => idOf(i + 1))
  const added = new Set<string>()

  return {
    one: (): string => dice.pick(ids),

    toWrite(): Readonly<{ id: string; isNew: boolean }> {
      const place = dice.below(PLACES)
      let id = ids[place] as string
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
