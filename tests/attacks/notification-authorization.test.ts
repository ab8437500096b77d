import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Target } from '../kit/attacks.ts'
import { givingTo } from '../kit/notifications.ts'
import { describePolicy, type Policy, usePolicyTarget, type Who } from './policy.contract.ts'

/** The notification of a comment on a post belongs to the author alone: others do not even learn that it is there. */
const POLICY: Policy<'news' | 'markAsRead'> = {
  anonymous: { news: 401, markAsRead: 401 },
  stranger: { news: 200, markAsRead: 404 },
  author: { news: 200, markAsRead: 204 },
  superAdmin: { news: 200, markAsRead: 404 },
  deactivated: { news: 403, markAsRead: 403 },
  removed: { news: 403, markAsRead: 403 },
}

describe('authorization attacks on notifications', () => {
  const world = usePolicyTarget()
  let target: Target
  before(() => {
    target = world.target()
  })

  /** Gives the author a notification, and says its address. */
  async function give(): Promise<string> {
    await (await givingTo(target, target.alice, target.ada))(target.services)
    const { body } = await target.call(target.alice, 'GET', '/v1/notifications?limit=1')
    return `/v1/notifications/${body.items[0]?.id}`
  }

  describePolicy(world, POLICY, ['news'], async () => {
    const path = await give()
    return {
      news: (who) => target.call(who, 'GET', '/v1/notifications'),
      markAsRead: (who) => target.call(who, 'POST', `${path}/read`),
    }
  })

  for (const who of ['stranger', 'superAdmin'] satisfies Who[]) {
    it(`D01 ${who}: receives no notification of others`, async () => {
      await give()

      assert.deepEqual((await target.call(world.person(who), 'GET', '/v1/notifications')).body.items, [])
    })
  }

  for (const who of ['anonymous', 'deactivated', 'removed'] as const) {
    it(`D01 ${who}: no stream of notifications`, async () => {
      const { status } = await target.call(world.person(who), 'GET', '/v1/notifications/stream')

      assert.equal(status, who === 'anonymous' ? 401 : 403)
    })
  }
})
