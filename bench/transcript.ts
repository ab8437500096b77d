import { LOADED_UNTIL } from './data.ts'
import type { BenchDatabase, StoredEvent } from './database.ts'
import type { Exchange } from './exchanges.ts'

/** The answer to a request and the events that it stored. Values that differ on each run are masked. */
export type Outcome = Readonly<{ says: string; outcome: string }>

type Ask = Readonly<{ url: string; tokens: readonly string[]; database: BenchDatabase }>

const TIME = /"(\d{4}-\d\d-\d\dT[^"]*)"/g
const NEW_ID = /0[0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g
const LOADED_ID = /^01900000-0000-7000-/

/** Sends one request after the other and records the outcomes. */
export async function transcriptOf(exchanges: readonly Exchange[], ask: Ask): Promise<readonly Outcome[]> {
  await ask.database.takeEvents()
  const outcomes: Outcome[] = []
  for (const exchange of exchanges) {
    const answer = await answerTo(exchange, ask)
    const outcome = { ...answer, events: eventsIn(await ask.database.takeEvents()) }
    outcomes.push({ says: exchange.says, outcome: masked(JSON.stringify(sorted(outcome))) })
  }
  return outcomes
}

async function answerTo({ who, method, path, headers, body }: Exchange, { url, tokens }: Ask) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(who === null ? {} : { authorization: `Bearer ${tokens[who]}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (response.status >= 400) return { status: response.status }

  const header = (name: string) => response.headers.get(name)
  const type = text === '' ? null : header('content-type')?.split(';')[0]
  const answered = { status: response.status, type, etag: header('etag'), location: header('location') }
  return { ...answered, link: header('link'), body: text === '' ? null : JSON.parse(text) }
}

const eventsIn = (events: readonly StoredEvent[]): readonly StoredEvent[] =>
  events.toSorted((one, other) => (one.type + one.subject < other.type + other.subject ? -1 : 1))

/** Current times and new ids differ from run to run; loaded values must come back unchanged. */
const masked = (text: string): string =>
  text
    .replaceAll(TIME, (whole, time: string) => (isNow(time) ? '"<now>"' : whole))
    .replaceAll(NEW_ID, (id) => (LOADED_ID.test(id) ? id : '<new id>'))

const isNow = (time: string): boolean => /T[\d:]{8}\.\d{3}Z$/.test(time) && new Date(time) > LOADED_UNTIL

/** The order of the fields does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, sorted(inner)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}
