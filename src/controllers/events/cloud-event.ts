import { hash } from 'node:crypto'
import { isObject, type JsonObject, parseObject } from './json-object.ts'
import { malformedEvent } from './malformed-event.ts'

/** The longest post makes a quarter of it. */
const MAX_BYTES = 256 * 1024

/** The major version of the schema that consumers read, unless they say another. */
const KNOWN_MAJOR = 1
const MAX_VERSION = 2 ** 31 - 1

const NAME = /^[!-~]{1,200}$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
const NUMBER = /^(\d{1,9})\.\d{1,9}$/

/** A CloudEvent 1.x in JSON: its attributes are validated, its data is not. */
export type CloudEvent = Readonly<{
  id: string
  source: string
  type: string
  subject: string
  time: Date
  schemaVersion: unknown
  /** The extension Distributed Tracing. It is not validated: only the trace depends on it. */
  traceparent: unknown
  data: unknown
  /** The digest of the whole text. */
  digest: string
}>

/** The aggregate of an event, after the change. */
export type State = JsonObject & Readonly<{ version: number }>

export const CloudEvent = {
  /** Attributes that it does not know are ignored. @throws {Undeliverable} */
  parse(bytes: Uint8Array): CloudEvent {
    if (bytes.byteLength > MAX_BYTES) throw malformedEvent(`more than ${MAX_BYTES} bytes`)
    const attributes = parseObject(bytes)
    const { specversion, dataschemaversion = '1.0', traceparent, data } = attributes
    if (majorOf(specversion) !== 1) throw malformedEvent('specversion')
    return {
      id: nameIn(attributes, 'id'),
      source: nameIn(attributes, 'source'),
      type: nameIn(attributes, 'type'),
      subject: nameIn(attributes, 'subject'),
      time: timeIn(attributes),
      schemaVersion: dataschemaversion,
      traceparent,
      data,
      digest: hash('sha256', bytes, 'hex'),
    }
  },

  /** What an event of a known type carries; of newer minor versions what is known. @throws {Undeliverable} */
  stateOf({ schemaVersion, subject, data }: CloudEvent, major = KNOWN_MAJOR): State {
    if (majorOf(schemaVersion) !== major) throw malformedEvent('dataschemaversion')
    if (!isObject(data)) throw malformedEvent('data')
    if (data['id'] !== subject) throw malformedEvent('data is not that of the subject')
    if (!isVersion(data['version'])) throw malformedEvent('data.version')
    return data as State
  },
}

function nameIn(attributes: JsonObject, name: string): string {
  const value = attributes[name]
  if (typeof value !== 'string' || !NAME.test(value)) throw malformedEvent(name)
  return value
}

function timeIn({ time }: JsonObject): Date {
  const date = new Date(typeof time === 'string' && TIME.test(time) ? time.toUpperCase() : Number.NaN)
  if (Number.isNaN(date.getTime())) throw malformedEvent('time')
  return date
}

const majorOf = (version: unknown): number =>
  typeof version === 'string' ? Number(NUMBER.exec(version)?.[1] ?? Number.NaN) : Number.NaN

const isVersion = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= MAX_VERSION
