import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { Difference, PermissionMirror } from '../../../src/domains/ports/permission-mirror.ts'
import { rebuildPermissions } from '../../../src/domains/services/permission-rebuild.ts'
import { createPermissionSync } from '../../../src/domains/services/permission-sync.ts'
import { PERMISSION_SOURCES } from '../../../src/main/modules.ts'
import { alice, aPost, bob, p1, p2, p3, postId, setUp, superAdmin } from '../../fixtures.ts'

/** An engine with nothing in it but what `give` puts there: texts such as `user:1 owner thing:2`, which `kept` sorts. */
export type EngineUnderTest = Readonly<{
  mirror: PermissionMirror
  give: (permission: string) => Promise<void>
  kept: () => Promise<readonly string[]>
  close?: () => Promise<void>
}>

const on = (name: string, ownerId: string) => [`system:forum system ${name}`, `user:${ownerId} owner ${name}`]
const ALICE_S_POST = on(`post:${p1}`, alice.userId)
const BOB_S_POST = on(`post:${p3}`, bob.userId)
const BOB_OWNS = `user:${bob.userId} owner post:${p1}`
const BOB_EDITS = `user:${bob.userId} editor post:${p1}`
const BOB_EDITS_ANOTHER = `user:${bob.userId} editor post:${p2}`
const isSuperAdmin = (id: string) => `user:${id} super_admin system:forum`

function worldOn(engine: EngineUnderTest, given: Parameters<typeof setUp>[0]) {
  const forum = setUp(given)
  const needs = { store: forum.store, mirror: engine.mirror, sources: PERMISSION_SOURCES }
  const sync = createPermissionSync(needs)

  async function rebuild(repairs: boolean) {
    const reported: Difference[] = []
    const onDifference = (difference: Difference) => void reported.push(difference)
    const compared = await rebuildPermissions({ ...needs, sync }, { repairs, onDifference })
    return { compared, reported: reported.map(({ kind, permission }) => `${kind}: ${permission}`).sort() }
  }
  return { ...forum, ...engine, needs, follow: sync.follow, rebuild }
}

/** That what an engine keeps follows the store, on an engine whose things may have editors too. */
export function describePermissionMirror(
  name: string,
  skip: string | false,
  open: () => Promise<EngineUnderTest>,
): void {
  describe(`permissions that ${name} keeps`, { skip }, () => {
    let close: EngineUnderTest['close']
    afterEach(() => close?.())

    async function openWorld(
      given: Parameters<typeof setUp>[0] = { posts: [aPost(), aPost({ id: p3, ownerId: bob.userId })] },
    ) {
      const engine = await open()
      close = engine.close
      return worldOn(engine, given)
    }

    it('follow a thing that was written, in the name of the owner whom the store has recorded', async () => {
      const { follow, kept } = await openWorld()
      await follow({ type: 'post', id: p1 })
      await follow({ type: 'post', id: p3 })

      assert.deepEqual(await kept(), [...ALICE_S_POST, ...BOB_S_POST].sort())
    })

    it('are the same after any number of repetitions, also at once', async () => {
      const { follow, kept } = await openWorld()
      for (let n = 0; n < 3; n++) await follow({ type: 'post', id: p1 })
      await Promise.allSettled([1, 2, 3].map(() => follow({ type: 'post', id: p3 })))

      assert.deepEqual(await kept(), [...ALICE_S_POST, ...BOB_S_POST].sort())
    })

    it('of a removed thing are deleted, also those given by hand, also after a late event of its creation', async () => {
      const { follow, kept, give } = await openWorld({ posts: [] })
      await give(BOB_EDITS)
      await give(BOB_OWNS)
      await follow({ type: 'post', id: p1 })

      assert.deepEqual(await kept(), [])
    })

    it('are not brought back by a process that was paused while the thing was removed', async () => {
      const { needs, kept, postService } = await openWorld({ posts: [aPost()] })
      const mirror: PermissionMirror = {
        ...needs.mirror,
        async set(thing, standing) {
          if (standing !== null) {
            await postService.remove({ remover: alice, id: p1, expected: null })
            await needs.mirror.set(thing, null) // by another process, which handles the removal
          }
          await needs.mirror.set(thing, standing)
        },
      }
      await createPermissionSync({ ...needs, mirror }).follow({ type: 'post', id: p1 })

      assert.deepEqual(await kept(), [])
    })

    it('lose an owner whom the store does not know, and keep what others gave on a thing that is there', async () => {
      const { follow, kept, give } = await openWorld()
      await give(BOB_OWNS)
      await give(BOB_EDITS)
      await follow({ type: 'post', id: p1 })

      assert.deepEqual(await kept(), [...ALICE_S_POST, BOB_EDITS].sort())
    })

    it('of somebody whose account was removed are gone, those of others and of people never seen stay', async () => {
      const { follow, kept, give, userService } = await openWorld({ posts: [aPost()] })
      for (const id of [bob.userId, alice.userId, p2]) await give(isSuperAdmin(id))
      await give(BOB_EDITS)
      await userService.remove({ id: bob.userId })
      for (const id of [bob.userId, alice.userId, p2]) await follow({ type: 'user', id })

      assert.deepEqual(await kept(), [alice.userId, p2].map(isSuperAdmin).sort())
    })

    it('of a type without events are left alone', async () => {
      const { follow, kept, give } = await openWorld()
      await give(isSuperAdmin(bob.userId))
      await follow({ type: 'system', id: 'forum' })

      assert.deepEqual(await kept(), [isSuperAdmin(bob.userId)])
    })

    it('are compared with the store both ways, and not touched, if that is all that is wanted', async () => {
      const { rebuild, kept, give } = await openWorld()
      await give(BOB_OWNS)
      await give(BOB_EDITS_ANOTHER)
      const before = await kept()

      assert.deepEqual(
        (await rebuild(false)).reported,
        [
          ...[BOB_OWNS, BOB_EDITS_ANOTHER].map((text) => `left over: ${text}`),
          ...[...ALICE_S_POST, ...BOB_S_POST].map((text) => `missing: ${text}`),
        ].sort(),
      )
      assert.deepEqual(await kept(), before)
    })

    it('are rebuilt, after which there is no difference', async () => {
      const { rebuild, kept, give } = await openWorld()
      for (const text of [BOB_OWNS, BOB_EDITS_ANOTHER, BOB_EDITS, isSuperAdmin(superAdmin.userId)]) await give(text)

      assert.equal((await rebuild(true)).reported.length, 6)
      assert.deepEqual(await rebuild(false), { compared: 2, reported: [] })
      const given = [BOB_EDITS, isSuperAdmin(superAdmin.userId)]
      assert.deepEqual(await kept(), [...ALICE_S_POST, ...BOB_S_POST, ...given].sort())
    })

    it('are read in batches, and one by one only where they look different', async () => {
      const { rebuild, give, needs } = await openWorld()
      await rebuild(true)
      await give(BOB_EDITS)
      await give(BOB_OWNS)
      const asked: string[] = []
      const { differences } = needs.mirror
      needs.mirror.differences = async (thing, standing) => {
        asked.push(thing.id)
        return differences(thing, standing)
      }

      assert.deepEqual((await rebuild(false)).reported, [`left over: ${BOB_OWNS}`])
      assert.deepEqual([...new Set(asked)], [p1])
    })

    it('on ids that the store can never have had are left over, those of such people are not', async () => {
      const { rebuild, give } = await openWorld({ posts: [] })
      await give('user:anne super_admin system:forum')
      await give('user:anne editor post:1')

      assert.deepEqual((await rebuild(true)).reported, ['left over: user:anne editor post:1'])
      assert.deepEqual((await rebuild(false)).reported, [])
    })

    it('are rebuilt page by page, on both sides', async () => {
      const posts = Array.from({ length: 117 }, (_, n) => aPost({ id: postId(n + 1) }))
      const { rebuild, kept, postService } = await openWorld({ posts })

      assert.equal((await rebuild(true)).reported.length, 2 * posts.length)
      assert.equal((await kept()).length, 2 * posts.length)
      for (const { id } of posts) await postService.remove({ remover: alice, id, expected: null })
      assert.equal((await rebuild(true)).reported.length, 2 * posts.length)
      assert.deepEqual(await kept(), [])
    })

    it('differ once, whatever names them', async () => {
      const { rebuild, give, userService } = await openWorld({ posts: [aPost()] })
      await userService.remove({ id: bob.userId })
      await give(BOB_EDITS_ANOTHER)

      const { reported } = await rebuild(false)
      assert.deepEqual(
        reported.filter((text) => text.startsWith('left over')),
        [`left over: ${BOB_EDITS_ANOTHER}`],
      )
    })
  })
}
