import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PLACES } from './places.ts'

const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'

for (const { name, skip, open } of PLACES) {
  describe(`users over ${name}`, { skip }, () => {
    it('are registered at their first valid request, once, and see themselves', async () => {
      await using forum = await open()
      const { transport } = forum

      const { value } = await transport.me(forum.alice)
      const [first] = [value, await transport.me(forum.alice)]

      const { id, username, fullName, email } = first
      assert.deepEqual([id, username, fullName, email], [forum.alice.id, 'alice', 'Alice', 'alice@example.org'])
      assert.deepEqual(
        (await forum.outbox()).map(({ type, subject }) => [type, subject]),
        [['user.registered', forum.alice.id]],
      )
    })

    it('are registered once, however many requests come first', async () => {
      await using forum = await open()
      const { transport } = forum

      const answers = await Promise.all(
        Array.from({ length: 20 }, () => transport.write(forum.alice, 'post', { text: 'Hello.' })),
      )

      assert.deepEqual(new Set(answers.map(({ code }) => code)), new Set([null]))
      const registrations = (await forum.outbox()).filter(({ type }) => type === 'user.registered')
      assert.equal(registrations.length, 1)
    })

    it('see of others what is public', async () => {
      await using forum = await open()
      const { transport } = forum
      await transport.me(forum.bob)

      const { value } = await transport.user(forum.alice, forum.bob.id)

      assert.deepEqual(Object.keys(value).sort(), ['createdAt', 'fullName', 'id', 'username'])
      assert.deepEqual([value.id, value.username, value.fullName], [forum.bob.id, 'bob', 'Bob'])
    })

    it('without a name or an address have none', async () => {
      await using forum = await open()
      const id = '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11'
      const omit = ['preferred_username', 'name', 'email', 'realm_access']
      const token = await forum.issuer.token({ sub: id }, { omit })

      const { value } = await forum.transport.me({ token })

      assert.deepEqual([value.id, value.username, value.fullName ?? null, value.email ?? null], [id, id, null, null])
    })

    it('are not found if unknown, invalid if the id is malformed', async () => {
      await using forum = await open()
      const { transport } = forum

      assert.equal((await transport.user(forum.alice, NOBODY)).code, 'user-not-found')
      const { code, fields } = await transport.user(forum.alice, 'abc')
      assert.deepEqual([code, [...new Set(fields)]], ['validation-failed', ['id']])
    })
  })
}
