import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { reasonOf } from '../../../patterns/reason.ts'

/** The server, the realm, and the client of that realm whose service account asks. */
export type AdminSettings = Readonly<{
  /** Without `/realms/…`. */
  server: string
  realm: string
  client: Readonly<{ id: string; secret: string }>
  fetch?: typeof globalThis.fetch
  /** A monotonic clock, in milliseconds. */
  uptime?: () => number
}>

export type AdminAnswer = Readonly<{ status: number; body: unknown; at: Date; location: string | null }>
export type AdminApi = ReturnType<typeof createAdminApi>

const TIMEOUT_MS = 15_000
/** A token is renewed so long before its end. */
const MARGIN_MS = 5_000

/** Calls Keycloak as a service account; it renews the token before it expires and whenever Keycloak refuses it. */
export function createAdminApi(settings: AdminSettings) {
  const { server, realm, fetch = globalThis.fetch } = settings
  const realmUrl = `${server}/realms/${encodeURIComponent(realm)}`
  const send = sending(fetch)
  const token = createServiceToken(settings, (body) =>
    send(`${realmUrl}/protocol/openid-connect/token`, { method: 'POST', body }),
  )

  async function ask(method: string, url: string, body?: unknown): Promise<AdminAnswer> {
    const authorized = async () =>
      send(url, {
        method,
        headers: { authorization: `Bearer ${await token.get()}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const answer = await authorized()
    if (answer.status !== 401) return answer
    token.drop()
    return authorized()
  }

  return {
    /** The REST API of administrators. */
    admin: (method: string, path: string, body?: unknown) =>
      ask(method, `${server}/admin/realms/${encodeURIComponent(realm)}${path}`, body),
    /** The REST API of extensions. */
    realm: (method: string, path: string, body?: unknown) => ask(method, realmUrl + path, body),
  }
}

const sending =
  (fetch: typeof globalThis.fetch) =>
  async (url: string, init: RequestInit): Promise<AdminAnswer> => {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
      const [text, date] = [await response.text(), Date.parse(response.headers.get('date') ?? '')]
      const at = Number.isNaN(date) ? new Date() : new Date(date)
      return { status: response.status, body: parse(text), at, location: response.headers.get('location') }
    } catch (error) {
      throw unavailable(`Keycloak does not answer: ${reasonOf(error)}`)
    }
  }

function createServiceToken(
  { client, uptime = () => performance.now() }: AdminSettings,
  request: (body: URLSearchParams) => Promise<AdminAnswer>,
) {
  let held: Readonly<{ text: string; endsAt: number }> | null = null
  const credentials = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret }

  return {
    async get(): Promise<string> {
      if (held !== null && uptime() < held.endsAt) return held.text
      const answer = await request(new URLSearchParams(credentials))
      const { access_token: text, expires_in: seconds } = fieldsOf(answer.body)
      if (typeof text !== 'string') {
        throw unavailable(`Keycloak answered ${answer.status} when KEYCLOAK_ADMIN_CLIENT_ID asked for a token`)
      }
      held = { text, endsAt: uptime() + Number(seconds ?? 0) * 1_000 - MARGIN_MS }
      return text
    },

    drop(): void {
      held = null
    },
  }
}

/** @throws {DependencyUnavailable} with Keycloak's answer, and the roles that the service account needs */
export function refused({ status }: AdminAnswer, what: string, roles: string): DependencyUnavailable {
  const hint = status === 403 ? `: the service account of KEYCLOAK_ADMIN_CLIENT_ID needs ${roles}` : ''
  return unavailable(`Keycloak answered ${status} to ${what}${hint}`)
}

const unavailable = (message: string): DependencyUnavailable =>
  new DependencyUnavailable('identity provider', { cause: new Error(message) })

export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
