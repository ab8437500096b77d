import { type AdminApi, fieldsOf, refused } from './admin-api.ts'

/** A webhook of the realm. */
export type Webhook = Readonly<{ id: string; url: string; isEnabled: boolean; eventTypes: readonly string[] }>

const LISTENER = 'ext-event-webhook'
const ROLES = 'the roles manage-events and view-events of realm-management'

/** The webhooks of a realm, as the extension keycloak-events keeps them. */
export function keycloakWebhooks(api: AdminApi, eventTypes: readonly string[]) {
  async function list(): Promise<readonly Webhook[]> {
    const answer = await api.realm('GET', '/webhooks')
    if (answer.status !== 200 || !Array.isArray(answer.body)) throw refused(answer, 'the list of webhooks', ROLES)
    return answer.body.map(webhookIn)
  }

  /** Without its listener the realm sends no events to the extension. */
  async function listen(): Promise<void> {
    const answer = await api.admin('GET', '/events/config')
    if (answer.status !== 200) throw refused(answer, 'the settings of events', ROLES)
    const { eventsListeners = [] } = answer.body as { eventsListeners?: readonly string[] }
    if (eventsListeners.includes(LISTENER)) return
    const changed = { ...fieldsOf(answer.body), eventsListeners: [...eventsListeners, LISTENER] }
    const put = await api.admin('PUT', '/events/config', changed)
    if (put.status !== 204) throw refused(put, 'a change of the settings of events', ROLES)
  }

  const settings = (url: string, secret: string) => ({
    enabled: true,
    url,
    secret,
    algorithm: 'HmacSHA256',
    eventTypes,
  })

  return {
    list,

    /** The id of the new one. */
    async create(url: string, secret: string): Promise<string> {
      await listen()
      const answer = await api.realm('POST', '/webhooks', settings(url, secret))
      if (answer.status !== 201) throw refused(answer, 'a new webhook', ROLES)
      return answer.location?.split('/').at(-1) ?? ''
    },

    async update(id: string, url: string, secret: string): Promise<void> {
      await listen()
      const answer = await api.realm('PUT', `/webhooks/${id}`, settings(url, secret))
      if (answer.status >= 300) throw refused(answer, 'a change of a webhook', ROLES)
    },

    async delete(id: string): Promise<void> {
      const answer = await api.realm('DELETE', `/webhooks/${id}`)
      if (answer.status >= 300) throw refused(answer, 'the removal of a webhook', ROLES)
    },
  }
}

function webhookIn(raw: unknown): Webhook {
  const { id, url, enabled, eventTypes } = fieldsOf(raw)
  return {
    id: String(id),
    url: String(url),
    isEnabled: enabled === true,
    eventTypes: Array.isArray(eventTypes) ? eventTypes.map(String) : [],
  }
}
