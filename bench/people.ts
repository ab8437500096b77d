import { startTestIssuer } from '../tests/kit/test-issuer.ts'
import { SUPER_ADMIN, userId } from './data.ts'

/** Longer than any run. */
const LIFETIME_S = 7 * 86_400

/** An issuer, and a token of each user by number. Stops when disposed. */
export async function createPeople() {
  const { issuer, token, stop } = await startTestIssuer()
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_S
  const tokenOf = (number: number): Promise<string> => {
    const roles = number === SUPER_ADMIN ? ['user', 'super_admin'] : ['user']
    const claims = { sub: userId(number), preferred_username: `user${number}`, exp, realm_access: { roles } }
    return token(claims, { omit: ['name', 'email'] }) // which the users who are loaded do not have either
  }
  const tokens = await Promise.all(Array.from({ length: SUPER_ADMIN + 1 }, (_, number) => tokenOf(number)))
  return { issuer, tokens, [Symbol.asyncDispose]: stop }
}
