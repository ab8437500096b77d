import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ServerSetupError } from '../../src/infrastructures/connection/server-setup-error.ts'
import { hostAndSetting, withSetting } from '../../src/main/server-names.ts'

describe('what logs call the servers of a setting', () => {
  for (const [url, hosts, place] of [
    ['nats://forum:canary@one:4222,two:4223,three', 'one:4222,two:4223,three', 'nats://one:4222,two:4223,three'],
    ['amqps://forum:canary@one,[::1]:5673/vhost', 'one,[::1]:5673', 'amqps://one,[::1]:5673/vhost'],
    ['kafka://forum:canary@one:9092,two?mechanism=plain', 'one:9092,two', 'kafka://one:9092,two'],
    ['redis://:canary@one/1', 'one', 'redis://one/1'],
  ] as const) {
    it(`are their hosts, without a secret: ${hosts}`, async () => {
      const refusing = () => Promise.reject(new ServerSetupError('no'))

      assert.equal(hostAndSetting('QUEUE_URL', { kind: 'queue', url }), `${hosts} (QUEUE_URL)`)
      await assert.rejects(withSetting('QUEUE_URL', { kind: 'queue', url }, refusing), {
        message: `QUEUE_URL ${place}: no`,
      })
    })
  }
})
