import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import type { Answer } from '../kit/answers.ts'
import { openTarget, type Target } from '../kit/attacks.ts'
import type { Person } from '../kit/people.ts'

export type Who = 'anonymous' | 'stranger' | 'author' | 'superAdmin' | 'deactivated' | 'removed'

/** One cell for each caller and deed on a post of somebody else's, or for the author on the own one: which status it has. */
export type Policy<What extends string> = Readonly<Record<Who, Readonly<Record<What, number>>>>

/** A target for one suite, with somebody in each role. */
export function usePolicyTarget() {
  let target: Target | undefined
  let people: Record<Who, Person | null>
  before(async () => {
    target = await openTarget()
    const { alice, bob, ada, person, services } = target
    const [dora, rob] = [await person('Dora'), await person('Rob')]
    for (const who of [bob, ada, dora, rob]) await target.call(who, 'GET', '/v1/users/me')
    await services.users.change({ id: UserId.parse(dora.id), change: { isActive: false } })
    await services.users.remove({ id: UserId.parse(rob.id) })
    people = { anonymous: null, stranger: bob, author: alice, superAdmin: ada, deactivated: dora, removed: rob }
  })
  after(() => target?.[Symbol.asyncDispose]())

  const opened = (): Target => target ?? assert.fail('the target did not open')
  return {
    target: opened,
    person: (who: Who): Person | null => people[who],

    /** A new post of the author's. */
    async write() {
      const { call, alice } = opened()
      const { body } = await call(alice, 'POST', '/v1/posts', { body: { text: 'Mine.' } })
      return { ...body, path: `/v1/posts/${body.id}` }
    },
  }
}

type Deed = (who: Person | null) => Promise<Answer>

/** Each deed has its status, and changes nothing when it is refused or only reads. Before each, `prepare` makes anew what it is done to. */
export function describePolicy<What extends string>(
  { target, person }: ReturnType<typeof usePolicyTarget>,
  policy: Policy<What>,
  reads: readonly What[],
  prepare: () => Promise<Readonly<Record<What, Deed>>>,
): void {
  for (const [who, deeds] of Object.entries(policy) as [Who, Record<What, number>][]) {
    for (const [what, status] of Object.entries(deeds) as [What, number][]) {
      it(`D01 ${who}: ${what} is ${status}`, async () => {
        const prepared = await prepare()
        const before = target().hash()
        const answer = await prepared[what](person(who))

        assert.equal(answer.status, status)
        assert.equal(target().hash() === before, status >= 400 || reads.includes(what))
        if (who === 'deactivated' || who === 'removed') assert.equal(answer.body.code, 'account-disabled')
        if (who === 'stranger' && status === 403) assert.equal(answer.body.code, 'forbidden')
      })
    }
  }
}
