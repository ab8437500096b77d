import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CloudEvent } from '../../src/controllers/events/cloud-event.ts'
import { UserEvents } from '../../src/domains/events/user-events.ts'
import { PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { anEvent, r1, writtenReview } from '../kit/event-world.ts'
import { noon } from '../kit/noon.ts'

const ID = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const data = JSON.stringify(writtenReview({ text: 'A "quote", a \\ and a 🐯.' }))
const published = { id: ID, type: 'review.written', subject: r1, version: 1, time: noon, schemaVersion: '1.0', data }

const bytes = (body: unknown): Buffer => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
const parse = (body: unknown): CloudEvent => CloudEvent.parse(bytes(body))
const refusal = (why: RegExp) => (error: unknown) => error instanceof PoisonMessage && why.test(error.message)

describe('an event that is published', () => {
  it('is a CloudEvent in JSON, with the state as it was kept', () => {
    const { body } = toCloudEvent(published)

    assert.deepEqual(JSON.parse(body), {
      specversion: '1.0',
      id: ID,
      source: `/${PRODUCT.service}`,
      type: 'review.written',
      subject: r1,
      time: '2026-03-01T12:00:00.000Z',
      datacontenttype: 'application/json',
      dataschemaversion: '1.0',
      data: JSON.parse(data),
    })
    assert.ok(body.endsWith(`"data":${data}}`))
  })

  it('names the trace that raised it, by the extension of CloudEvents', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const { body } = toCloudEvent({ ...published, traceparent })

    assert.equal(JSON.parse(body).traceparent, traceparent)
    assert.equal(CloudEvent.parse(bytes(body)).traceparent, traceparent)
    assert.ok(!('traceparent' in JSON.parse(toCloudEvent({ ...published, traceparent: null }).body)))
  })

  it('has attributes of lower-case letters and digits only', () => {
    const attributes = Object.keys(JSON.parse(toCloudEvent(published).body))

    assert.deepEqual(
      attributes.filter((name) => !/^[a-z0-9]{1,20}$/.test(name)),
      [],
    )
  })

  it('travels by its type, in order with others of its subject, once', () => {
    const { id, key, topic } = toCloudEvent(published)

    assert.deepEqual({ id, key, topic }, { id: ID, key: r1, topic: 'review.written' })
  })

  it('is the same event under another id of the message, so that it may be published again', () => {
    const again = toCloudEvent(published, { messageId: `${ID} again` })

    assert.deepEqual(again, { ...toCloudEvent(published), id: `${ID} again` })
  })

  it('says which version of its schema its type has', () => {
    const { body } = toCloudEvent({ ...published, schemaVersion: UserEvents.changed.schemaVersion })

    assert.equal(JSON.parse(body).dataschemaversion, '2.0')
  })

  it('names its source', () => {
    const { body } = toCloudEvent(published, { source: '/forum/archive' })

    assert.equal(JSON.parse(body).source, '/forum/archive')
  })

  it('is parsed by consumers', () => {
    const { digest, ...event } = CloudEvent.parse(bytes(toCloudEvent(published).body))

    assert.deepEqual(event, {
      id: ID,
      source: `/${PRODUCT.service}`,
      type: 'review.written',
      subject: r1,
      time: noon,
      schemaVersion: '1.0',
      traceparent: undefined,
      data: JSON.parse(data),
    })
    assert.match(digest, /^[0-9a-f]{64}$/)
    assert.deepEqual(CloudEvent.stateOf({ digest, ...event }), JSON.parse(data))
  })
})

describe('an event that is consumed', () => {
  it('has another digest when a single character of it is another', () => {
    const one = parse(anEvent({}, { text: 'Well said.' }))
    const other = parse(anEvent({}, { text: 'Well said!' }))

    assert.notEqual(one.digest, other.digest)
    assert.equal(one.digest, parse(anEvent({}, { text: 'Well said.' })).digest)
  })

  for (const [what, attributes] of [
    ['unknown attributes', { traceparent: 'x'.repeat(10_000), tenant: 'other', isadmin: true }],
    ['a newer minor version of CloudEvents', { specversion: '1.9' }],
    ['a newer minor version of its schema', { dataschemaversion: '1.7' }],
    ['no version of its schema', { dataschemaversion: undefined }],
    ['a time of another zone', { time: '2026-03-01T14:00:00.123456+02:00' }],
    ['any source', { source: 'https://forum.example/1' }],
  ] as const) {
    it(`is understood with ${what}`, () => {
      const event = parse(anEvent(attributes))

      assert.equal(CloudEvent.stateOf(event).version, 1)
    })
  }

  it('may have fields within its data that have the names of attributes', () => {
    const event = parse(anEvent({}, { type: 'x', source: [{ id: 1 }, { id: 2 }] }))

    assert.equal(event.type, 'review.written')
  })

  const whole = JSON.stringify(anEvent())
  const twice = (field: string, value: string) => `{"${field}":${value},${whole.slice(1)}`
  const withData = (fields: string) => whole.replace(/"data":.*/, `"data":${fields}}`)

  for (const [what, body, why] of [
    ['nothing', '', /not JSON/],
    ['half of JSON', whole.slice(0, -1), /not JSON/],
    ['two of them', whole + whole, /not JSON/],
    ['bytes that are no UTF-8', Buffer.from(whole.replace('Well', '\xff\xfe'), 'latin1'), /not UTF-8/],
    ['characters that are encoded too long', Buffer.from(whole.replace('Well', '\xc0\xaf'), 'latin1'), /not UTF-8/],
    ['brackets without end', '['.repeat(200_000), /not JSON/],
    ['very deep brackets', '['.repeat(100_000) + ']'.repeat(100_000), /not an object/],
    ['a list', `[${whole}]`, /not an object/],
    ['null', 'null', /not an object/],
    ['a text', '"event"', /not an object/],
    ['two ids', twice('id', '"other"'), /twice/],
    ['two ids, one in disguise', twice('\\u0069d', '"other"'), /twice/],
    ['two ids, the same', twice('id', JSON.stringify(anEvent().id)), /twice/],
    ['two types', twice('type', '"post.written"'), /twice/],
    ['a prototype instead of its own', `{"__proto__":${whole}}`, /specversion/],
  ] as const) {
    it(`is refused as ${what}`, () => {
      assert.throws(() => CloudEvent.parse(Buffer.from(body)), refusal(new RegExp(`^undecodable: .*${why.source}`)))
    })
  }

  for (const [name, ...values] of [
    ['specversion', undefined, null, '0.3', '2.0', '10.0', 1, '1', '1.0.0', ['1.0']],
    ['id', undefined, null, '', 7, ['a'], { a: 1 }, 'a b', 'a\0', 'ä', '\ud800', 'x'.repeat(201)],
    ['source', undefined, null, '', 7, 'a\n'],
    ['type', undefined, null, '', 7, ['review.written']],
    ['subject', undefined, null, '', 7, 'a\nb', {}],
    ['time', undefined, null, '', 0, 'now', '2026-03-01', '2026-13-01T12:00:00Z', '2026-03-01T12:00:00', 'Mar 1 2026'],
  ] as const) {
    for (const value of values) {
      it(`is refused with ${JSON.stringify(value)?.slice(0, 30)} as ${name}`, () => {
        assert.throws(() => parse(anEvent({ [name]: value })), refusal(new RegExp(`^undecodable: ${name}$`)))
      })
    }
  }

  for (const [what, body, why] of [
    ['a newer major version of its schema', anEvent({ dataschemaversion: '2.0' }), /dataschemaversion/],
    ['a version of its schema that is a list', anEvent({ dataschemaversion: ['1.0'] }), /dataschemaversion/],
    ['a version of its schema that is none', anEvent({ dataschemaversion: 'latest' }), /dataschemaversion/],
    ['no data', anEvent({ data: undefined }), /data/],
    ['null for data', anEvent({ data: null }), /data/],
    ['a list for data', anEvent({ data: [anEvent().data] }), /data/],
    ['a text for data', anEvent({ data: JSON.stringify(anEvent().data) }), /data/],
    ['data of something else', anEvent({ subject: '01938d6e-4a5b-7c3d-9e1f-000000000000' }), /subject/],
    ['no version', anEvent({}, { version: undefined }), /data.version/],
    ['version 0', anEvent({}, { version: 0 }), /data.version/],
    ['a version below 0', anEvent({}, { version: -1 }), /data.version/],
    ['half a version', anEvent({}, { version: 1.5 }), /data.version/],
    ['a version in a text', anEvent({}, { version: '1' }), /data.version/],
    ['a version beyond what stores keep', anEvent({}, { version: 2 ** 31 }), /data.version/],
    ['a version beyond all numbers', withData(`{"id":"${r1}","version":1e999}`), /data.version/],
    ['a version by prototype', withData(`{"id":"${r1}","__proto__":{"version":1}}`), /data.version/],
  ] as const) {
    it(`says nothing to those who would know with ${what}`, () => {
      const event = parse(body)

      assert.throws(() => CloudEvent.stateOf(event), refusal(new RegExp(`^undecodable: .*${why.source}`)))
    })
  }

  it('is not even looked at when it is too large', () => {
    const large = Buffer.from(JSON.stringify(anEvent({}, { text: 'x'.repeat(10_000_000) })))
    const tooLarge = refusal(/^undecodable: more than 262144 bytes$/)

    assert.throws(() => CloudEvent.parse(large), tooLarge)
    assert.throws(() => CloudEvent.parse(large.fill(0xff)), tooLarge) // else it would say that this is no text
  })

  it('is understood up to the limit', () => {
    const room = 256 * 1024 - Buffer.byteLength(JSON.stringify(anEvent({}, { text: '' })))
    const fitting = anEvent({}, { text: 'x'.repeat(room) })

    assert.equal(parse(fitting).subject, r1)
    assert.throws(() => parse(anEvent({}, { text: 'x'.repeat(room + 1) })), PoisonMessage)
  })

  it('leaves the prototypes of others alone', () => {
    const poison = '{"polluted":true,"version":1}'

    assert.throws(() => parse(`{"__proto__":${poison},"constructor":{"prototype":${poison}}}`), PoisonMessage)
    parse(whole.replace('"data":{', `"data":{"__proto__":${poison},"constructor":{"prototype":${poison}},`))

    assert.equal('polluted' in {}, false)
  })
})
