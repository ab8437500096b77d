import { createHash } from 'node:crypto'
import { isObject, type JsonObject, parseObject } from './json-object.ts'
import { undecodable } from './undecodable.ts'

/** The longest post makes a quarter of it. */
const MOST_BYTES = 256 * 1024

/** The major version of the schema that consumers read, unless they say another. */
const KNOWN_MAJOR = 1
const LAST_VERSION = 2 ** 31 - 1

const NAME = /^[!-~]{1,200}$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
const NUMBER = /^(\d{1,9})\.\d{1,9}$/

/** A CloudEvent 1.x in JSON, as somebody published it: its attributes are sound, what it carries may be anything. */
export type CloudEvent = Readonly<{
  id: string
  source: string
  type: string
  subject: string
  time: Date
  schemaVersion: unknown
  data: unknown
  /** Stands for the whole text. */
  digest: string
}>

/** The aggregate that an event tells of, after the change. */
export type State = JsonObject & Readonly<{ version: number }>

export const CloudEvent = {
  /** Attributes that it does not know are ignored. @throws {Undeliverable} */
  parse(bytes: Uint8Array): CloudEvent {
    if (bytes.byteLength > MOST_BYTES) throw undecodable(`more than ${MOST_BYTES} bytes`)
    const attributes = parseObject(bytes)
    const { specversion, dataschemaversion = '1.0', data } = attributes
    if (majorOf(specversion) !== 1) throw undecodable('specversion')
    return {
      id: nameIn(attributes, 'id'),
      source: nameIn(attributes, 'source'),
      type: nameIn(attributes, 'type'),
      subject: nameIn(attributes, 'subject'),
      time: timeIn(attributes),
      schemaVersion: dataschemaversion,
      data,
      digest: createHash('sha256').update(bytes).digest('hex'),
    }
  },

  /** What an event of a known type carries; of newer minor versions what is known. @throws {Undeliverable} */
  stateOf({ schemaVersion, subject, data }: CloudEvent, major = KNOWN_MAJOR): State {
    if (majorOf(schemaVersion) !== major) throw undecodable('dataschemaversion')
    if (!isObject(data)) throw undecodable('data')
    if (data['id'] !== subject) throw undecodable('data is not that of the subject')
    if (!isVersion(data['version'])) throw undecodable('data.version')
    return data as State
  },
}

function nameIn(attributes: JsonObject, name: string): string {
  const value = attributes[name]
  if (typeof value !== 'string' || !NAME.test(value)) throw undecodable(name)
  return value
}

function timeIn({ time }: JsonObject): Date {
  const moment = new Date(typeof time === 'string' && TIME.test(time) ? time.toUpperCase() : Number.NaN)
  if (Number.isNaN(moment.getTime())) throw undecodable('time')
  return moment
}

const majorOf = (version: unknown): number =>
  typeof version === 'string' ? Number(NUMBER.exec(version)?.[1] ?? Number.NaN) : Number.NaN

const isVersion = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= LAST_VERSION
