import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { PRODUCT } from '../../src/patterns/product.ts'
import { keycloakUrl } from './engines.ts'
import { formAddress, openForms } from './keycloak-forms.ts'

const REALM = PRODUCT.namespace

/** The realm of tests/kit/keycloak-realm.json on the Keycloak of the tests. */
const ISSUER = `${keycloakUrl}/realms/${REALM}`

/** What a service needs to mirror the realm; its client may also register webhooks. */
export const KEYCLOAK_SETTINGS = {
  OIDC_ISSUER: ISSUER,
  KEYCLOAK_WEBHOOK_SECRET: 'whsec-test-0123456789abcdef0123456789abcdef',
  KEYCLOAK_ADMIN_CLIENT_ID: 'forum-admin',
  KEYCLOAK_ADMIN_CLIENT_SECRET: 'forum-admin-secret-for-tests-only',
}

type Named = Readonly<{ id: string; name: string }>

type RequiredAction = Readonly<{ alias: string }>
type Person = Readonly<{ id?: string; clientRoles?: Readonly<Record<string, readonly string[]>> }>

/** The realm of the tests under another name, with people of its own, who may change their addresses; its client may register webhooks. */
export function copyOfRealm() {
  const text = readFileSync(new URL('keycloak-realm.json', import.meta.url), 'utf8')
  const realm = JSON.parse(text) as { users: readonly Person[]; requiredActions: readonly RequiredAction[] }
  const management = ['view-users', 'query-users', 'manage-events', 'view-events']
  const users = realm.users.map(({ id: _, ...person }) =>
    person.clientRoles === undefined ? person : { ...person, clientRoles: { 'realm-management': management } },
  )
  const requiredActions = realm.requiredActions.map((action) =>
    action.alias === 'UPDATE_EMAIL' ? { ...action, enabled: true } : action,
  )
  return { ...realm, requiredActions, realm: `copy-${randomBytes(4).toString('hex')}`, users }
}

export type Keycloak = Awaited<ReturnType<typeof openKeycloak>>

/** The admin API of Keycloak. Created users are deleted in the end. */
export async function openKeycloak() {
  const created = new Set<string>()
  const realms = new Set<string>()

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    const { token } = await tokenOf(`${keycloakUrl}/realms/master`, { client_id: 'admin-cli', username: 'admin' })
    const response = await fetch(keycloakUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const admin = (method: string, path: string, body?: unknown) => call(method, `/admin/realms/${REALM}${path}`, body)
  const list = async (path: string) => (await (await admin('GET', path)).json()) as readonly Named[]
  const read = async (path: string) => (await (await admin('GET', path)).json()) as Named

  async function allowWebhooks(): Promise<void> {
    const [client] = await list('/clients?clientId=forum-admin')
    const [management] = await list('/clients?clientId=realm-management')
    const { id } = await read(`/clients/${client?.id}/service-account-user`)
    const roles = await list(`/clients/${management?.id}/roles`)
    const wanted = roles.filter(({ name }) => ['manage-events', 'view-events'].includes(name))
    await admin('POST', `/users/${id}/role-mappings/clients/${management?.id}`, wanted)
  }

  await allowWebhooks()

  return {
    admin,

    /** Another realm, until the end: its issuer, and its administrator. */
    async createRealm(representation: Readonly<{ realm: string }>) {
      const { realm } = representation
      await call('POST', '/admin/realms', representation)
      realms.add(realm)
      return {
        issuer: `${keycloakUrl}/realms/${realm}`,
        admin: (method: string, path: string, body?: unknown) => call(method, `/admin/realms/${realm}${path}`, body),
      }
    },

    /** Somebody new who can sign in, with the username for a password; answers the id. */
    async createUser(username: string, more: object = {}): Promise<string> {
      const credentials = [{ type: 'password', value: username, temporary: false }]
      const person = { username, firstName: 'Zoë', lastName: 'Ünal', email: `${username}@example.org`, enabled: true }
      const response = await admin('POST', '/users', { ...person, credentials, ...more })
      const id = response.headers.get('location')?.split('/').at(-1) ?? ''
      created.add(id)
      return id
    },

    /** The person changes the own profile, as the account console does. */
    async changeProfile(token: string, change: object): Promise<void> {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'content-type': 'application/json',
      }
      const profile = await (await fetch(`${ISSUER}/account`, { headers })).json()
      const body = JSON.stringify({ ...(profile as object), ...change })
      const { status } = await fetch(`${ISSUER}/account`, { method: 'POST', headers, body })
      if (status !== 204) throw new Error(`the account was not changed: ${status}`)
    },

    /** Registers a user by the form of the realm. */
    async register(username: string): Promise<void> {
      const names = { firstName: 'Cárol', lastName: 'Jones', email: `${username}@example.org` }
      const passwords = { password: username, 'password-confirm': username }
      await openForms().send(formAddress(ISSUER, 'registrations'), { username, ...names, ...passwords })
    },

    /** Wrong passwords, until the realm locks the person out for good. */
    async lockOut(username: string): Promise<void> {
      const lockout = {
        bruteForceProtected: true,
        permanentLockout: true,
        failureFactor: 2,
        quickLoginCheckMilliSeconds: 0,
      }
      await admin('PUT', '', lockout)
      for (let attempt = 0; attempt < 4; attempt++) {
        await tokenOf(ISSUER, { client_id: 'forum-test', username, password: 'wrong' }).catch(() => {})
      }
      await admin('PUT', '', { bruteForceProtected: false, permanentLockout: false })
    },

    token: async (username: string, issuer = ISSUER): Promise<string> =>
      (await tokenOf(issuer, { client_id: 'forum-test', username, scope: 'openid profile email' })).token,

    async [Symbol.asyncDispose]() {
      for (const id of created) await admin('DELETE', `/users/${id}`).catch(() => {})
      for (const realm of realms) await call('DELETE', `/admin/realms/${realm}`)
    },
  }
}

/** Only its administrator knows it. */
export async function keycloakVersion(): Promise<string> {
  const { token } = await tokenOf(`${keycloakUrl}/realms/master`, { client_id: 'admin-cli', username: 'admin' })
  const response = await fetch(`${keycloakUrl}/admin/serverinfo`, { headers: { authorization: `Bearer ${token}` } })
  return ((await response.json()) as { systemInfo: { version: string } }).systemInfo.version
}

async function tokenOf(realm: string, form: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ grant_type: 'password', password: form['username'] ?? '', ...form })
  const response = await fetch(`${realm}/protocol/openid-connect/token`, { method: 'POST', body })
  const { access_token: token, error_description: why } = (await response.json()) as Readonly<Record<string, unknown>>
  if (typeof token !== 'string') throw new Error(`no token: ${why}`)
  return { token }
}
