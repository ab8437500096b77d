import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Actor } from '../../../src/domains/entities/actor.ts'
import { Forbidden } from '../../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../../src/domains/errors/change-errors.ts'
import { type setUp, superAdmin } from '../../fixtures.ts'

type World = ReturnType<typeof setUp>

/** What callers do to something that one of them owns. */
export type Commands<Forum> = Readonly<
  Record<
    string,
    Readonly<{
      owner: Actor
      other: Actor
      run: (forum: Forum, actor: Actor, expected?: ReadonlySet<number> | null) => Promise<unknown>
    }>
  >
>

/** Only owners and super admins run these commands. */
export function describeCommands<Forum extends World>(commands: Commands<Forum>, world: () => Forum): void {
  for (const [doing, { owner, other, run }] of Object.entries(commands)) {
    it(`${doing} is for its owner`, async () => {
      const forum = world()
      await run(forum, owner)

      assert.notDeepEqual(forum.recordedEvents(), [])
    })

    it(`${doing} is for super admins, by the role in their token`, async () => {
      await run(world(), superAdmin)
      await assert.rejects(run(world(), { ...superAdmin, isSuperAdmin: false }), Forbidden)
    })

    it(`${doing} is refused to others, and leaves nothing behind`, async () => {
      const forum = world()
      await assert.rejects(run(forum, other), Forbidden)

      assert.deepEqual(forum.recordedEvents(), [])
    })

    it(`${doing} goes by the id of the actor, not by the name`, async () => {
      await assert.rejects(run(world(), { ...other, profile: owner.profile }), Forbidden)
    })

    it(`${doing} refuses another user for the permission, its owner for the version`, async () => {
      await assert.rejects(run(world(), other, new Set([9])), Forbidden)
      await assert.rejects(run(world(), owner, new Set([9])), StaleVersion)
    })
  }
}
