import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAccountGuard } from '../../../src/domains/services/account-guard.ts'
import { createPostService } from '../../../src/domains/services/post-service.ts'
import { createUserService } from '../../../src/domains/services/user-service.ts'
import { builtinAuthorization } from '../../../src/infrastructures/authorization/builtin/builtin-authorization.ts'
import { uuidV7 } from '../../../src/infrastructures/identifiers/uuid-v7.ts'
import { alice, postDraft } from '../../fixtures.ts'
import { skipWithout } from '../../kit/engines.ts'
import { all, useWiredForum } from './wired-postgres.ts'

const now = () => new Date()

describe('on the wire to PostgreSQL, for the services of the forum,', { skip: skipWithout('postgres') }, () => {
  const { store, roundTrips, warmRoundTrips } = useWiredForum()
  const accounts = () => createAccountGuard({ store: store(), now })
  const users = () => createUserService({ accounts: accounts(), store: store(), now })
  const posts = () =>
    createPostService({
      accounts: accounts(),
      authorization: builtinAuthorization,
      posts: store().posts,
      now,
      newId: uuidV7,
    })

  const written = async () => (await posts().write({ author: alice, ...postDraft('Once.') })).result

  it('a read is one round trip, the check of the account included', async () => {
    const { id } = await written()

    assert.equal(await warmRoundTrips(() => posts().read({ reader: alice, id })), 1)
    assert.equal(await warmRoundTrips(() => posts().list({ reader: alice, listQuery: all, withTotal: true })), 1)
    assert.equal(await warmRoundTrips(() => users().me(alice)), 1)
  })

  it('so is writing something new', async () => {
    assert.equal(await warmRoundTrips(() => posts().write({ author: alice, ...postDraft('Twice.') })), 1)
  })

  it('with a key it is two, the one to reserve it included, and so is a replay', async () => {
    const keyed = (key: string) => () =>
      posts().write({ author: alice, ...postDraft('Keyed.'), request: { key, fingerprint: 'same' } })
    await keyed('warm')()
    const first = await roundTrips(keyed('cold'))

    assert.deepEqual([first, await warmRoundTrips(keyed('cold'))], [2, 2])
  })

  it('a change of what is there is two', async () => {
    const { id } = await written()

    assert.equal(
      await warmRoundTrips(() => posts().rewrite({ editor: alice, id, ...postDraft('Again.'), expected: null })),
      2,
    )
  })

  it('so is a removal', async () => {
    const counts: number[] = []
    for (const { id } of await Promise.all([1, 2].map(written)))
      counts.push(await roundTrips(() => posts().remove({ remover: alice, id, expected: null })))

    assert.equal(counts.at(-1), 2)
  })
})
