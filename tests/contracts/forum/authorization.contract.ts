import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Forbidden } from '../../../src/domains/errors/access-errors.ts'
import { PostNotFound } from '../../../src/domains/errors/post-errors.ts'
import { alice, aPost, bob, p1, p2, postDraft, setUp, superAdmin } from '../../fixtures.ts'
import type { AuthorizationEngine, Opened } from './authorization-engines.ts'
import { type Commands, describeCommands } from './commands.contract.ts'

type World = ReturnType<typeof setUp>

/** What callers may do with a post of Alice's. */
const COMMANDS: Commands<World> = {
  'rewriting a post': {
    owner: alice,
    other: bob,
    run: ({ postService }, editor, expected = null) =>
      postService.rewrite({ editor, id: p1, ...postDraft('Again.'), expected }),
  },
  'removing a post': {
    owner: alice,
    other: bob,
    run: ({ postService }, remover, expected = null) => postService.remove({ remover, id: p1, expected }),
  },
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

    it('a missing thing is not found, for every caller', async () => {
      const { postService } = world()

      for (const remover of [alice, superAdmin]) {
        await assert.rejects(postService.remove({ remover, id: p2, expected: null }), PostNotFound)
      }
    })

    it('what was just written is its owner’s at once', async () => {
      const { postService } = world()
      const { result } = await postService.write({ author: bob, ...postDraft('New.') })

      await assert.rejects(postService.remove({ remover: alice, id: result.id, expected: null }), Forbidden)
      const post = await postService.rewrite({ editor: bob, id: result.id, ...postDraft('Newer.'), expected: null })
      assert.equal(post.version, 2)
    })
  })
}
