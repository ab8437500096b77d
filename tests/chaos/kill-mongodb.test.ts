import { describe, it } from 'node:test'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { killUnderLoad } from './kit/kill-under-load.ts'
import { mongodbAt } from './kit/stores.ts'

describe('a server of MongoDB’s protocol that is killed under load', { skip: skipWithoutOwn('mongodb') }, () => {
  it('takes no service with it, and nothing that was acknowledged', async (test) => {
    await using server = await ownEngine('mongodb', { MONGODB_OPTIONS: '--sync-on-commit' })
    await killUnderLoad(test, 'MongoDB', server, mongodbAt)
  })
})
