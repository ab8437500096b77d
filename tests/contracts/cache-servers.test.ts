import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import { ServerSetupError } from '../../src/infrastructures/connection/server-setup-error.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'

const open = (url: string) => openRedis({ url, release: 'tests', onDisconnected: () => {}, onReconnected: () => {} })

describe('a Redis that is alone stops the start', { skip: skipWithout('redis') }, () => {
  const { host } = new URL(redisUrl ?? 'redis://none')

  it('if the URL names several servers, of which each would have other entries', async () => {
    await assert.rejects(open(`redis://${host},${host}`), (error: Error) => {
      return error instanceof ServerSetupError && /they are no cluster/.test(error.message)
    })
  })

  it('if the URL takes it for a Sentinel', async () => {
    await assert.rejects(open(`redis://${host}?sentinel=forum`), (error: Error) => {
      return error instanceof ServerSetupError && /know no master with this name/.test(error.message)
    })
  })
})
