import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Adapter } from 'oidc-provider'
import { createSessionStore } from '../../src/development/issuer/session-store.ts'

describe('a session of the development issuer', () => {
  const payload = { kind: 'AuthorizationCode', grantId: 'grant-1', uid: 'uid-1', userCode: 'code-1' }
  const ways = (codes: Adapter) => [codes.find('id-1'), codes.findByUid('uid-1'), codes.findByUserCode('code-1')]

  it('is found by each of its names, among its kind', async () => {
    const store = createSessionStore()
    await store('AuthorizationCode').upsert('id-1', payload, 60)

    assert.deepEqual(await Promise.all(ways(store('AuthorizationCode'))), [payload, payload, payload])
    assert.deepEqual(await Promise.all(ways(store('Session'))), [undefined, undefined, undefined])
  })

  it('is gone after its time', async () => {
    const codes = createSessionStore()('AuthorizationCode')
    await codes.upsert('id-1', payload, 0.01)

    await setTimeout(30)

    assert.deepEqual(await Promise.all(ways(codes)), [undefined, undefined, undefined])
  })

  it('is gone with its grant', async () => {
    const codes = createSessionStore()('AuthorizationCode')
    await codes.upsert('id-1', payload, 60)
    await codes.upsert('id-2', { ...payload, grantId: 'grant-2' }, 60)

    await codes.revokeByGrantId('grant-1')

    assert.equal(await codes.find('id-1'), undefined)
    assert.ok(await codes.find('id-2'))
  })
})
