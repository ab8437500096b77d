import { createHash } from 'node:crypto'
import type { TestIssuer } from './test-issuer.ts'

/** A user with a valid token. */
export type Person = Readonly<{ id: string; name: string; token: string }>

/** The people of the tests, who get their tokens from a test issuer: two users, one super admin, and anyone else. */
export async function createPeople({ token }: Pick<TestIssuer, 'token'>) {
  async function person(name: string, roles: readonly string[] = ['user']): Promise<Person> {
    const username = name.toLowerCase()
    const id = createHash('sha256')
      .update(name)
      .digest('hex')
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
    const profile = { preferred_username: username, name, email: `${username}@example.org` }
    return { id, name, token: await token({ sub: id, ...profile, realm_access: { roles } }) }
  }

  const [alice, bob, ada] = await Promise.all([person('Alice'), person('Bob'), person('Ada', ['user', 'super_admin'])])
  return { alice, bob, ada, person }
}
