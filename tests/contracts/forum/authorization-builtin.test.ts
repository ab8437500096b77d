import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openAuthorization } from '../../../src/infrastructures/authorization/open-authorization.ts'
import { alice, aPost } from '../../fixtures.ts'

const open = () => openAuthorization({ kind: 'builtin' }, { token: null })

describe('the built-in rule', () => {
  it('answers at once, keeps nothing outside the store, and is always there', async () => {
    const { authorization, mirror, ping } = await open()

    assert.equal(authorization.permit('post', 'update')(alice, aPost()), undefined)
    assert.equal(mirror, null)
    await ping()
  })
})
