import { describe, it } from 'node:test'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { postgresPair } from '../kit/postgres-pair.ts'
import { killUnderLoad } from './kit/kill-under-load.ts'
import { size } from './kit/plan.ts'
import { postgresAt } from './kit/stores.ts'

const PROMOTIONS = size(2, 10)

describe('a primary of PostgreSQL that is killed under load', { skip: skipWithoutOwn('postgres') }, () => {
  it('hands over to its synchronous replica without a loss of what was acknowledged', async (test) => {
    await using pair = await postgresPair()
    const primaryRows = { rows: () => postgresAt(pair.primaryUrl()).rows() }
    await killUnderLoad(test, 'a pair of PostgreSQL', pair, () => primaryRows, PROMOTIONS)
  })
})
