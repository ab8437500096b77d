import { randomUUID } from 'node:crypto'
import type { TestIssuer } from '../../kit/test-issuer.ts'

const AN_HOUR = 3_600

export type Person = Readonly<{ id: string; token: string }>

/** Somebody new with a token that outlasts the test. */
export async function aPerson(issuer: TestIssuer, name: string, roles: readonly string[] = []): Promise<Person> {
  const id = randomUUID()
  const exp = Math.floor(Date.now() / 1000) + 2 * AN_HOUR
  const token = await issuer.token({ sub: id, preferred_username: name, exp, realm_access: { roles: [...roles] } })
  return { id, token }
}

export const people = (issuer: TestIssuer, count: number): Promise<readonly Person[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => aPerson(issuer, `person-${index}`)))
