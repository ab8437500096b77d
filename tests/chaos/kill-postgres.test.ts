import { describe, it } from 'node:test'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { killUnderLoad } from './kit/kill-under-load.ts'
import { postgresAt } from './kit/stores.ts'

describe('a PostgreSQL server that is killed under load', { skip: skipWithoutOwn('postgres') }, () => {
  it('takes no service with it, and nothing that was acknowledged', async (test) => {
    await using server = await ownEngine('postgres')
    await killUnderLoad(test, 'PostgreSQL', server, postgresAt)
  })
})
