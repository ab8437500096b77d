import { type PersonNews, readableText } from '../../../domains/entities/person-news.ts'
import type { PersonDirectory } from '../../../domains/ports/person-directory.ts'
import { type AdminAnswer, type AdminApi, fieldsOf, refused } from './admin-api.ts'

const PAGE = 100
const ROLES = 'the roles view-users and query-users of realm-management'

/** The users of a realm, also disabled ones, and those of its directories. */
export function keycloakDirectory(api: AdminApi): PersonDirectory {
  return {
    /** Only an empty page is the end: Keycloak leaves out of a page those whom a directory no longer has. */
    async *pages() {
      for (let first = 0; ; first += PAGE) {
        const answer = await api.admin('GET', `/users?first=${first}&max=${PAGE}&briefRepresentation=true`)
        if (answer.status !== 200 || !Array.isArray(answer.body)) throw refused(answer, 'a page of people', ROLES)
        if (answer.body.length === 0) return
        yield answer.body.flatMap((person) => personIn(person, answer) ?? [])
      }
    },

    async find(subject) {
      const answer = await api.admin('GET', `/users/${encodeURIComponent(subject)}`)
      if (isMissing(answer)) return null
      const person = answer.status === 200 ? personIn(answer.body, answer) : null
      if (person === null) throw refused(answer, 'a read of one person', ROLES)
      return person
    },
  }
}

/** A proxy, or a missing realm, also answers 404: no user is removed for that. */
const isMissing = ({ status, body }: AdminAnswer): boolean =>
  status === 404 && fieldsOf(body)['error'] === 'User not found'

function personIn(raw: unknown, { at }: AdminAnswer): PersonNews | null {
  const { id, username, firstName, lastName, email, enabled } = fieldsOf(raw)
  if (typeof id !== 'string') return null
  return {
    subject: id,
    kind: 'changed',
    at,
    facts: {
      username: readableText(username) ?? id,
      firstName: readableText(firstName),
      lastName: readableText(lastName),
      email: readableText(email),
      isActive: enabled !== false,
    },
  }
}
