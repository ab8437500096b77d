import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import type { Outcome, Transport } from '../kit/transports.ts'
import { PLACES, type PlacedForum } from './places.ts'

export const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'

type Who = Readonly<{ token: string }> | null
type Asking = Readonly<{ transport: Transport; post: string; alice: Who; bob: Who; carol: Who }>
export type Row = readonly [wrong: string, ask: (with_: Asking) => Promise<Outcome>, code: string]

/** Carol's account is disabled; the post is Alice's. Each request is wrong in two ways, and is refused for the earlier one. */
export function describeOrder(rows: readonly Row[]): void {
  for (const { name, skip, open } of PLACES) {
    describe(`a request over ${name} that is wrong in two ways is refused for the earlier one`, { skip }, () => {
      let forum: PlacedForum
      let asking: Asking
      before(async () => {
        forum = await open()
        const { transport, alice, bob, services } = forum
        const carol = await forum.person('Carol')
        const id = UserId.parse(carol.id)
        await services.users.me({
          userId: id,
          profile: { username: 'carol', fullName: null, email: null },
          isSuperAdmin: false,
        })
        await services.users.change({ id, change: { isActive: false } })
        await transport.me(bob)
        const { value } = await transport.write(alice, 'post', { text: 'Hello.' })
        asking = { transport, post: value.id, alice, bob, carol }
      })
      after(() => forum[Symbol.asyncDispose]())

      for (const [wrong, ask, code] of rows) {
        it(wrong, async () => {
          const before = await forum.kept()

          assert.equal((await ask(asking)).code, code)
          assert.deepEqual(await forum.kept(), before, 'nothing was done')
        })
      }
    })
  }
}
