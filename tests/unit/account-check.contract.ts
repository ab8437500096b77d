import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Actor } from '../../src/domains/entities/actor.ts'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { alice, aPost, bob, type Given, type setUp, superAdmin, userOf } from '../fixtures.ts'
import { NEWEST_FIRST } from '../kit/sorts.ts'

type Services = ReturnType<typeof setUp>

/** What one can do with the services of a forum, by its name. */
export type Deeds<Forum> = Readonly<Record<string, (forum: Forum, actor: Actor) => Promise<unknown>>>

export const listQuery = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 20 } as const

/** Bob's post. */
export const given: Given = { posts: [aPost({ ownerId: bob.userId })] }

const counts = ({ state }: Services) =>
  [...state.tables].filter(([type]) => type !== 'user').map(([, { size }]) => size)

/** Only those whose account is active can do it. The forum has something of Bob's. */
export function describeAccountCheck<Forum extends Services>(
  deeds: Deeds<Forum>,
  setUpWith: (given: Given) => Forum,
): void {
  for (const [something, act] of Object.entries(deeds)) {
    describe(`to ${something}`, () => {
      it('one must not be deactivated, be it as its owner, and nothing is left behind', async () => {
        const services = setUpWith({ ...given, users: [userOf(alice), { ...userOf(bob), isActive: false }] })

        await assert.rejects(act(services, bob), AccountDisabled)

        assert.deepEqual([counts(services), services.recordedEvents()], [counts(setUpWith(given)), []])
      })

      it('one must not be deactivated, be it as a super admin', async () => {
        const services = setUpWith({ ...given, users: [{ ...userOf(superAdmin), isActive: false }] })

        await assert.rejects(act(services, superAdmin), AccountDisabled)

        assert.deepEqual(services.recordedEvents(), [])
      })

      it('one must not have been removed', async () => {
        const services = setUpWith(given)
        await services.userService.remove({ id: bob.userId })

        await assert.rejects(act(services, bob), AccountDisabled)

        assert.equal((await services.store.users.find(bob.userId))?.version, 2)
      })
    })
  }
}
