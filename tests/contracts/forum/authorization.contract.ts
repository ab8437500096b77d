import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Actor } from '../../../src/domains/entities/actor.ts'
import { Forbidden } from '../../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../../src/domains/errors/change-errors.ts'
import { PostNotFound } from '../../../src/domains/errors/post-errors.ts'
import { alice, aPost, bob, p1, p2, setUp, superAdmin } from '../../fixtures.ts'
import type { AuthorizationEngine, Opened } from './authorization-engines.ts'

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

/** What callers may do with a post of Alice's. */
const COMMANDS: Commands<World> = {
  'rewriting a post': {
    owner: alice,
    other: bob,
    run: ({ postService }, editor, expected = null) =>
      postService.rewrite({ editor, id: p1, text: 'Again.', expected }),
  },
  'removing a post': {
    owner: alice,
    other: bob,
    run: ({ postService }, remover, expected = null) => postService.remove({ remover, id: p1, expected }),
  },
}

/** Only owners and super admins run these commands. */
export function describeCommands<Forum extends World>(commands: Commands<Forum>, world: () => Forum): void {
  for (const [doing, { owner, other, run }] of Object.entries(commands)) {
    it(`${doing} is for its owner`, async () => {
      const forum = world()
      await run(forum, owner)

      assert.notDeepEqual(forum.announced(), [])
    })

    it(`${doing} is for super admins, by the role in their token`, async () => {
      await run(world(), superAdmin)
      await assert.rejects(run(world(), { ...superAdmin, isSuperAdmin: false }), Forbidden)
    })

    it(`${doing} is refused to others, and leaves nothing behind`, async () => {
      const forum = world()
      await assert.rejects(run(forum, other), Forbidden)

      assert.deepEqual(forum.announced(), [])
    })

    it(`${doing} goes by the id of the actor, not by the name`, async () => {
      await assert.rejects(run(world(), { ...other, profile: owner.profile }), Forbidden)
    })

    it(`${doing} tells a stranger of the permission, its owner of the version`, async () => {
      await assert.rejects(run(world(), other, new Set([9])), Forbidden)
      await assert.rejects(run(world(), owner, new Set([9])), StaleVersion)
    })
  }
}

/** What all that decides about permissions decides alike, whatever else it may allow. */
export function describeAuthorization(name: string, { skip, open }: AuthorizationEngine): void {
  describe(`permissions by ${name}`, { skip }, () => {
    let opened: Opened
    before(async () => {
      opened = await open()
    })
    after(() => opened.close())
    const world = () => setUp({ posts: [aPost()], authorization: opened.authorization })

    describeCommands(COMMANDS, world)

    it('a thing that is not there is not found, whoever asks', async () => {
      const { postService } = world()

      for (const remover of [alice, superAdmin]) {
        await assert.rejects(postService.remove({ remover, id: p2, expected: null }), PostNotFound)
      }
    })

    it('what was just written is its owner’s at once', async () => {
      const { postService } = world()
      const { result } = await postService.write({ author: bob, text: 'New.' })

      await assert.rejects(postService.remove({ remover: alice, id: result.id, expected: null }), Forbidden)
      const post = await postService.rewrite({ editor: bob, id: result.id, text: 'Newer.', expected: null })
      assert.equal(post.version, 2)
    })
  })
}
