import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { clientOf } from '../kit/client.ts'
import { runCommand } from '../kit/command.ts'
import { useTour } from './tour-world.ts'
import { ALL_ENGINES, openWorld, type World } from './world.ts'

for (const engine of ALL_ENGINES) {
  describe(`comments on ${engine.name}`, { skip: engine.skip }, () => {
    const tour = useTour(engine)
    const { call, write } = tour
    let world: World
    before(() => {
      world = tour.world()
    })
    const comment = async (postId: string, text = 'Hi.') =>
      (await call(world.bob, 'POST', '/v1/comments', { body: { postId, text } })).body

    it('takes comments along when a post goes, and takes none for what is gone', async () => {
      const post = await write('Hello.')
      const [one, other] = [await comment(post.id), await comment(post.id)]
      const path = `/v1/comments/${one.id}`
      assertProblem(await call(world.alice, 'PUT', path, { body: { text: 'No.' } }), 403, 'forbidden')
      assert.equal((await call(world.bob, 'PUT', path, { body: { text: 'Yes.' } })).body.version, 2)

      assert.equal((await call(world.alice, 'DELETE', `/v1/posts/${post.id}`)).status, 204)

      for (const { id } of [one, other]) {
        assertProblem(await call(world.bob, 'GET', `/v1/comments/${id}`), 404, 'comment-not-found')
      }
      const late = { body: { postId: post.id, text: 'Late.' } }
      assertProblem(await call(world.bob, 'POST', '/v1/comments', late), 404, 'post-not-found')
    })

    it('walks lists of any order, each item once, with filters and a total', async () => {
      const { body: me } = await call(world.bob, 'GET', '/v1/users/me')
      const post = await write('A long discussion.')
      const ids = new Set<string>()
      for (let n = 0; n < 7; n++) ids.add((await comment(post.id, `Comment ${n}`)).id)

      for (const sort of ['createdAt', '-createdAt', 'updatedAt', '-updatedAt']) {
        const seen: string[] = []
        let next: string | undefined = `/v1/comments?postId=${post.id}&ownerId=${me.id}&limit=3&count=true&sort=${sort}`
        while (next !== undefined) {
          const { headers, body } = await call(world.alice, 'GET', next)
          assert.equal(body.total, 7)
          seen.push(...body.items.map(({ id }) => id))
          next = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1]
        }
        assert.deepEqual(seen, sort.startsWith('-') ? [...ids].reverse() : [...ids])
      }
    })

    it('has samples, which are written once', async () => {
      await using other = await openWorld(engine)
      for (let time = 1; time <= 2; time++) assert.equal((await runCommand(['seed'], other)).code, 0)
      await using seeded = await other.start()

      assert.equal((await clientOf(seeded)(other.alice, 'GET', '/v1/comments?count=true')).body.total, 3)
    })
  })
}
