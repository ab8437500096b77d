import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { WEBHOOK } from './http.ts'

export const HOOK = '/v1/authentication/webhook/events-synchronization'

/** A delivery of Keycloak 26.7 with keycloak-events 0.59, as it came. */
export type Capture = Readonly<{ what: string; headers: Readonly<Record<string, string>>; body: string }>

const [, ...lines] = readFileSync(new URL('keycloak-captures.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
export const CAPTURES: readonly Capture[] = lines.map((line) => JSON.parse(line))

export const captured = (what: string): Capture => {
  const found = CAPTURES.find((capture) => capture.what === what)
  if (found === undefined) throw new Error(`There is no capture of ${what}.`)
  return found
}

export const signatureOf = (body: string | Buffer, secret = WEBHOOK.secret): string =>
  createHmac('sha256', secret).update(body).digest('hex')

/** The headers of a delivery that was signed. */
export const signed = (body: string | Buffer, secret?: string) => ({
  'x-keycloak-signature': signatureOf(body, secret),
})

type Fields = Readonly<Record<string, unknown>>

/** An event as an administrator's action raises it. */
export const adminEvent = (type: string, id: string, time: number, representation: Fields = {}, more: Fields = {}) =>
  JSON.stringify({
    id: randomUUID(),
    time,
    realmName: WEBHOOK.realm,
    resourcePath: `users/${id}`,
    representation: JSON.stringify(representation),
    uid: randomUUID(),
    authDetails: { realmId: 'master', userId: randomUUID(), username: 'admin' },
    details: { userId: id },
    type: `admin.USER-${type}`,
    ...more,
  })
