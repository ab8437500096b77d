import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { until } from '../kit/command.ts'
import { natsUrl, skipWithout } from '../kit/engines.ts'
import { healthOf, replaceFile, untilConfiguration } from '../kit/live-settings.ts'
import { readStats } from '../kit/metrics.ts'
import type { Person } from '../kit/people.ts'
import { type Service, startService } from '../kit/service.ts'
import { workersOf } from '../kit/workers.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const REQUESTS = 30

/** The limits in the answers to new connections, whichever worker takes them. */
async function limitsOf({ url }: Service, { token }: Person): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${token}`, connection: 'close' }
  const answers = await Promise.all(Array.from({ length: REQUESTS }, () => fetch(`${url}/v1/users/me`, { headers })))
  return [...new Set(answers.map((answer) => answer.headers.get('ratelimit-policy') ?? `${answer.status}`))]
}

const policy = (requests: number) => `"default";q=${requests};w=60`

describe('settings of several workers', { skip: skipWithout('sqlite') || skipWithout('nats') }, () => {
  it('change in all of them, or in none, and one that is replaced has the same', async () => {
    await using world = await openWorld(SQLITE)
    const { alice, directory } = world
    await writeFile(join(directory, 'config.json'), '{"RATE_LIMIT": "5000/min", "WORKERS": 2}')
    const { RATE_LIMIT: _, ...env } = world.env
    await using service = await startService({
      directory,
      env: { ...env, QUEUE_URL: natsUrl ?? '', CONFIG_URL: 'config.json' },
    })
    const change = (values: object) => replaceFile(directory, 'config.json', JSON.stringify({ WORKERS: 2, ...values }))
    assert.equal(workersOf(service).length, 2)
    assert.deepEqual(await limitsOf(service, alice), [policy(5_000)])

    await change({ RATE_LIMIT: '4000/min', SHUTDOWN_DELAY: 'soon' })
    await untilConfiguration(service, 'down')
    assert.deepEqual(await limitsOf(service, alice), [policy(5_000)])
    assert.match((await healthOf(service)).checks.configuration.cause ?? '', /^SHUTDOWN_DELAY must be/)

    await change({ RATE_LIMIT: '3000/min', DATABASE_POOL_SIZE: 3, LOG_LEVEL: 'debug' })
    await untilConfiguration(service, 'up')
    await until('all have it', async () => String(await limitsOf(service, alice)) === policy(3_000))
    assert.equal(service.logs().match(/settings changed by config.json: /g)?.length, 1)
    assert.equal(service.logs().match(/DATABASE_POOL_SIZE was changed by config.json and needs a restart/g)?.length, 1)
    const stats = await readStats(service)
    assert.deepEqual(
      [stats[`${PRODUCT.metrics}settings_changes_total`], stats[`${PRODUCT.metrics}settings_waiting`]],
      [1, 1],
    )

    const [victim = 0] = workersOf(service)
    process.kill(victim, 'SIGKILL')
    const isReplaced = async () =>
      !workersOf(service).includes(victim) && (await readStats(service))[`${PRODUCT.metrics}workers`] === 2
    await until('it is replaced', isReplaced, 30_000)
    assert.deepEqual(await limitsOf(service, alice), [policy(3_000)])
    assert.equal(await service.stop(), 0)
  })

  it('that are wrong are reported once, and end the start with 78', async () => {
    await using world = await openWorld(SQLITE)
    await writeFile(join(world.directory, 'config.json'), '{"WORKERS": 2, "QUEUE_URL": "memory:"}')

    await assert.rejects(world.start({ CONFIG_URL: 'config.json' }), (error: Error) => {
      assert.equal(error.message.match(/QUEUE_URL must name a queue .* \(in config.json\)/g)?.length, 1)
      return true
    })
  })
})
