import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { runCommand } from '../kit/command.ts'
import { ALL_ENGINES, openWorld } from './world.ts'

for (const engine of ALL_ENGINES) {
  describe(`what is kept on ${engine.name}`, { skip: engine.skip }, () => {
    it('is there after a restart, and after kill -9 while everyone writes', async () => {
      await using world = await openWorld(engine)
      const acknowledged = new Map<string, string>()

      {
        await using service = await world.start()
        const { headers, body } = await clientOf(service)(world.alice, 'POST', '/v1/posts', {
          body: { text: 'First.' },
        })
        acknowledged.set(headers['location'] ?? '', body.text)
        assert.equal(await service.stop(), 0)
      }
      {
        await using service = await world.start()
        const call = clientOf(service)
        const writer = async (name: string) => {
          for (let n = 0; ; n++) {
            const { status, headers, body } = await call(world.alice, 'POST', '/v1/posts', {
              body: { text: `${name} ${n}` },
            })
            if (status === 201) acknowledged.set(headers['location'] ?? '', body.text)
          }
        }
        const writers = ['a', 'b', 'c', 'd'].map((name) => writer(name).catch(() => {}))
        while (acknowledged.size < 40) await new Promise((resolve) => setTimeout(resolve, 10))
        await service.kill()
        await Promise.all(writers)
      }
      await using service = await world.start()
      const call = clientOf(service)
      for (const [path, text] of acknowledged) assert.equal((await call(world.bob, 'GET', path)).body.text, text)
    })
  })

  describe(`commands on ${engine.name}`, { skip: engine.skip }, () => {
    it('seed writes samples, and twice is once', async () => {
      await using world = await openWorld(engine)
      for (let time = 1; time <= 2; time++) {
        const { code, stderr } = await runCommand(['seed'], world)
        assert.deepEqual([code, stderr], [0, ''])
      }
      await using service = await world.start()
      const call = clientOf(service)

      const posts = await call(world.alice, 'GET', '/v1/posts?count=true')
      assert.equal(posts.body.total, 3)
      assert.ok(posts.body.items.every(({ version }) => version === 1))
    })

    it('migrate makes a database that a service takes which may not migrate itself', async () => {
      await using world = await openWorld(engine)
      const strict = { directory: world.directory, env: { ...world.env, DATABASE_AUTO_MIGRATE: 'false' } }
      const unready = await runCommand(['seed'], strict)
      assert.equal(unready.code, 78)
      assert.match(unready.stderr, /npm run db:migrate/)

      assert.equal((await runCommand(['migrate'], strict)).code, 0)
      assert.equal((await runCommand(['migrate'], strict)).code, 0)

      await using service = await world.start({ DATABASE_AUTO_MIGRATE: 'false' })
      assert.equal((await clientOf(service)(world.alice, 'GET', '/v1/posts')).status, 200)
    })
  })
}
