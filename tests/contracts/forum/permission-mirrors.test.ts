import type { PermissionMirror } from '../../../src/domains/ports/permission-mirror.ts'
import { openAuthorization } from '../../../src/infrastructures/authorization/open-authorization.ts'
import { skipWithout } from '../../kit/engines.ts'
import { memoryMirror } from '../../kit/memory-mirror.ts'
import { freshOpenFgaStore } from '../../kit/openfga.ts'
import { describePermissionMirror } from './permission-mirror.contract.ts'

describePermissionMirror('an engine in memory', false, async () => memoryMirror())

describePermissionMirror('OpenFGA', skipWithout('openfga'), async () => {
  const store = await freshOpenFgaStore({ relations: { editor: 'post' } })
  const { mirror } = await openAuthorization(store.choice, { token: null })

  return {
    mirror: mirror as PermissionMirror,
    async give(permission) {
      const [user = '', relation = '', object = ''] = permission.split(' ')
      await store.write({ user, relation, object })
    },
    kept: store.tuples,
    close: () => store[Symbol.asyncDispose](),
  }
})
