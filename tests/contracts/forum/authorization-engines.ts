import type { Authorization } from '../../../src/domains/ports/authorization.ts'
import { openAuthorization } from '../../../src/infrastructures/authorization/open-authorization.ts'
import { skipWithout } from '../../kit/engines.ts'
import { freshOpenFgaStore } from '../../kit/openfga.ts'

export type Opened = Readonly<{ authorization: Authorization; close: () => Promise<void> }>

export type AuthorizationEngine = Readonly<{ skip: string | false; open: () => Promise<Opened> }>

/** All that decides about permissions. */
export const AUTHORIZATION_ENGINES = {
  'the built-in rule': {
    skip: false,
    async open() {
      const { authorization } = await openAuthorization({ kind: 'builtin' }, { token: null })
      return { authorization, close: async () => {} }
    },
  },
  OpenFGA: {
    skip: skipWithout('openfga'),
    async open() {
      const store = await freshOpenFgaStore()
      const { authorization } = await openAuthorization(store.choice, { token: null })
      return { authorization, close: () => store[Symbol.asyncDispose]() }
    },
  },
} satisfies Record<string, AuthorizationEngine>
