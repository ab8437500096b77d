import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { clientOf } from '../kit/client.ts'
import { freshDirectory, runCommand } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshOpenFgaStore } from '../kit/openfga.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { createPeople } from '../kit/people.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { settingsFor, startTeam } from './kit/revivable.ts'
import { startTrespassers } from './kit/trespassers.ts'

const KILLS = size(6, 40)
/** OpenFGA on SQLite reads the slower the more tuples it has, so many events take long. */
const SETTLE_MS = size(90_000, 600_000)

/** Over a queue in each process, and over one that is killed too. */
const QUEUES = {
  'the memory queue': { skip: skipWithout('memory'), own: async () => null },
  NATS: { skip: skipWithoutOwn('nats'), own: () => ownEngine('nats') },
  RabbitMQ: { skip: skipWithoutOwn('rabbitmq'), own: () => ownEngine('rabbitmq') },
}

for (const [name, { skip, own }] of Object.entries(QUEUES)) {
  const reason = skip || skipWithoutOwn('openfga')
  describe(`permissions by OpenFGA over ${name}, while it, the services and the queue are killed`, {
    skip: reason,
  }, () => {
    it('are never more than the built-in rule gives, and equal the store in the end', async (test) => {
      await using stage = new AsyncDisposableStack()
      const { directory } = stage.use(await freshDirectory('forum-openfga-'))
      const engine = stage.use(await ownEngine('openfga'))
      const queue = await own()
      if (queue !== null) stage.use(queue)
      await Promise.all([engine.start(), queue?.start()])
      const store = await freshOpenFgaStore({ server: engine.url })
      const issuer = stage.use(await startTestIssuer())
      const env = {
        ...settingsFor(issuer, `sqlite:${join(directory, 'forum.db')}`),
        AUTHORIZATION_URL: store.setting,
        ...(queue && { QUEUE_URL: queue.url }),
      }
      const team = stage.use(await startTeam(env))
      const { alice, bob, ada } = await createPeople(issuer)
      const random = randomFor(`permissions over ${name}`)
      const clients = team.urls.map((url) => clientOf({ url }))
      const load = stage.use(startTrespassers(clients, { alice, bob, ada }, random))

      const restart = async (server: NonNullable<typeof queue>): Promise<void> => {
        await server.kill()
        await sleep(random.between(0, 1_500))
        await server.start()
      }
      const victims = [
        ...team.services.map((service) => () => service.killAndRevive()),
        () => restart(engine),
        ...(queue === null ? [] : [() => restart(queue)]),
      ]
      for (let kill = 0; kill < KILLS; kill++) {
        await sleep(random.between(100, 1_000))
        await victims[kill % victims.length]?.()
      }
      const { trespasses, ...counts } = await load.stop()

      const check = () => runCommand(['authorization-rebuild', '--check'], { directory, env, timeoutMs: SETTLE_MS })
      let last = await check()
      for (
        const start = performance.now();
        last.code !== 0 && performance.now() - start < SETTLE_MS;
        await sleep(1_000)
      ) {
        last = await check()
      }
      report(test, { kills: KILLS, ...counts, tuples: (await store.tuples()).length })
      assert.deepEqual(trespasses, [])
      assert.deepEqual([last.code, last.stderr], [0, ''], last.stdout)
      assert.ok(counts.changed >= size(20, 200), `only ${counts.changed} changes`)
    })
  })
}
