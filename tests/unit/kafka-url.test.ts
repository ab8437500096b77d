import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidKafkaUrl, parseKafkaUrl } from '../../src/infrastructures/message-queue/kafka/kafka-url.ts'

describe('a URL of Kafka', () => {
  it('names one broker, on the usual port, and leaves the rest to the defaults', () => {
    assert.deepEqual(parseKafkaUrl('kafka://queue'), {
      brokers: [{ host: 'queue', port: 9092 }],
      hasTls: false,
      sasl: null,
      partitions: 6,
      replicas: null,
      place: 'queue',
    })
  })

  it('names several brokers, TLS, who the service is, and what topics are created like', () => {
    const url = 'kafkas://forum:p%40s:s@kafka-1:9093,[::1]:9094/?mechanism=scram-sha-512&partitions=12&replicas=3'

    assert.deepEqual(parseKafkaUrl(url), {
      brokers: [
        { host: 'kafka-1', port: 9093 },
        { host: '::1', port: 9094 },
      ],
      hasTls: true,
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'forum', password: 'p@s:s' },
      partitions: 12,
      replicas: 3,
      place: 'kafka-1:9093,[::1]:9094',
    })
  })

  it('that is wrong is refused without its password', () => {
    for (const url of ['kafka://forum:canary@a?partitions=0', 'kafka://forum:canary@', 'kafka://forum:ca#nary@a']) {
      assert.throws(
        () => parseKafkaUrl(url),
        (error) => error instanceof InvalidKafkaUrl && !/nary/.test(error.message),
      )
    }
  })
})
