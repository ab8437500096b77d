import { type Facts, type PersonNews, readableText } from '../../../domains/entities/person-news.ts'

/** The news of a person in an event of Keycloak's extension keycloak-events, and its two ids. */
export type KeycloakNews = Readonly<{ delivery: string; event: string; news: PersonNews }>

type Fields = Readonly<Record<string, unknown>>
type Read = (event: Fields) => Partial<Omit<PersonNews, 'subject' | 'at'>>

const MAX_TIME = 8_640_000_000_000_000
const PERSON_PATH = /^users\/([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})$/

/**
 * The news of a person of the realm in the body of a delivery; null if there is none. The id of the person is in
 * `resourcePath` if an administrator acts, else in `authDetails`, and never in the representation: Keycloak copies that
 * from its client.
 */
export function keycloakNews(body: Uint8Array, realm: string): KeycloakNews | null {
  const event = parse(body)
  if (event === null || event['realmName'] !== realm) return null
  const { type, time, uid, id } = event
  const read = typeof type === 'string' && Object.hasOwn(READERS, type) ? READERS[type] : undefined
  const subject = read === undefined ? null : subjectOf(event)
  if (read === undefined || subject === null || !isTime(time)) return null
  const [delivery, source] = [textOr(uid, id), textOr(id, uid)]
  if (delivery === null || source === null) return null
  const news = { facts: {}, kind: 'changed', ...read(event), subject, at: new Date(time) } as const
  return { delivery, event: source, news }
}

const byAdministrator =
  (kind: PersonNews['kind']): Read =>
  (event) => ({ kind, facts: factsOf(represented(event), { username: fieldsOf(event['details'])['username'] }) })

/** Other types are not applied: some repeat the content of these, and temporary lockouts end by themselves. */
const READERS: Readonly<Record<string, Read>> = {
  'admin.USER-CREATE': byAdministrator('created'),
  'admin.USER-UPDATE': byAdministrator('changed'),
  'admin.USER-DELETE': () => ({ kind: 'removed' }),
  'admin.REALM-CREATE': byAdministrator('created'),
  'admin.REALM-UPDATE': byAdministrator('changed'),
  'access.REGISTER': (event) => {
    const { username, email, first_name: firstName, last_name: lastName } = fieldsOf(event['details'])
    const stored = fieldsOf(event['authDetails'])['username'] ?? username
    return { kind: 'created', facts: factsOf({ email, firstName, lastName, enabled: true }, { username: stored }) }
  },
  'access.UPDATE_PROFILE': profileUpdate,
  'access.UPDATE_EMAIL': profileUpdate,
  'access.DELETE_ACCOUNT': () => ({ kind: 'removed' }),
  'access.USER_DISABLED_BY_PERMANENT_LOCKOUT': (event) => ({
    facts: factsOf({ enabled: false }, fieldsOf(event['authDetails'])),
  }),
}

/** The events that are applied: what a webhook has to ask for. */
export const KEYCLOAK_EVENT_TYPES: readonly string[] = Object.keys(READERS)

/** Only what changed is there: what was replaced by nothing has a previous value alone. */
function profileUpdate(event: Fields): ReturnType<Read> {
  const details = fieldsOf(event['details'])
  const updated = (name: string) => {
    const isEmptied = details[`updated_${name}`] === undefined && details[`previous_${name}`] !== undefined
    return isEmptied ? '' : details[`updated_${name}`]
  }
  const { username } = fieldsOf(event['authDetails'])
  const fields = { firstName: updated('first_name'), lastName: updated('last_name'), email: updated('email') }
  const [firstName, lastName] = [nameOf(details['previous_first_name']), nameOf(details['previous_last_name'])]
  return {
    facts: factsOf(fields, { username: details['updated_username'] ?? username }),
    previous: { firstName, lastName },
  }
}

/** The facts that are present and valid. An empty text removes a name or an address. */
function factsOf({ firstName, lastName, email, enabled }: Fields, { username }: Fields): Partial<Facts> {
  const named = nameOf(username)
  const texts = Object.entries({ firstName, lastName, email: lowerCase(email) }).flatMap(([fact, value]) => {
    if (typeof value !== 'string') return []
    const text = value.trim() === '' ? null : readableText(value)
    return text === null && value.trim() !== '' ? [] : [[fact, text]]
  })
  return {
    ...(named !== null && { username: named.toLowerCase() }),
    ...Object.fromEntries(texts),
    ...(typeof enabled === 'boolean' && { isActive: enabled }),
  }
}

/** Keycloak stores usernames and addresses in lower case, but sends them as the user typed them. */
const lowerCase = (text: unknown): unknown => (typeof text === 'string' ? text.toLowerCase() : text)

const nameOf = (text: unknown): string | null => readableText(text)

function subjectOf(event: Fields): string | null {
  if (String(event['type']).startsWith('admin.')) return PERSON_PATH.exec(String(event['resourcePath']))?.[1] ?? null
  return readableText(fieldsOf(event['authDetails'])['userId'])
}

const represented = (event: Fields): Fields =>
  typeof event['representation'] === 'string' ? (parse(Buffer.from(event['representation'])) ?? {}) : {}

function parse(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
  } catch {
    return null
  }
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const isTime = (time: unknown): time is number => typeof time === 'number' && Math.abs(time) <= MAX_TIME
const textOr = (text: unknown, other: unknown): string | null => readableText(text) ?? readableText(other)
