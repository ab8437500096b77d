import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SettingValues } from '../../src/infrastructures/configuration/settings-source.ts'
import { ConfigurationError } from '../../src/main/config/env.ts'
import type { LIVE } from '../../src/main/config.ts'
import { createSettings } from '../../src/main/settings/settings.ts'

const open = (values: SettingValues, environment: Readonly<Record<string, string>> = {}) =>
  createSettings({ environment, isTerminal: false, values, source: 'a file' })

/** For each setting that may change, another value than its default. */
const OTHERS: Readonly<Record<keyof typeof LIVE, string>> = {
  LOG_LEVEL: 'warn',
  RATE_LIMIT: '5/min',
  CORS_ORIGINS: 'https://forum.example.org',
  OUTBOX_RETENTION: '1d',
  OIDC_ALGORITHMS: 'ES256',
  OTEL_TRACES_SAMPLER_ARG: '0.5',
}

describe('settings', () => {
  for (const [name, value] of Object.entries(OTHERS)) {
    it(`may change at run time: ${name}`, () => {
      const settings = open({})
      const live = settings.live[name as keyof typeof LIVE]
      const before = live()

      assert.deepEqual(settings.change({ [name]: value }), { applied: [name], waiting: [], warnings: [] })
      assert.notDeepEqual(live(), before)
      assert.equal(live(), live(), 'the same object until it changes')
      settings.change({})
      assert.deepEqual(live(), before)
    })
  }

  it('stay in the configuration as they were at the start', () => {
    const { config, change } = open({ RATE_LIMIT: '5/min' })

    change({ RATE_LIMIT: '6/min' })

    assert.deepEqual(config.http.rateLimit, { requests: 5, seconds: 60 })
  })

  it('change all together, or not at all', () => {
    const settings = open({ LOG_LEVEL: 'warn' })

    for (const wrong of [{ RATE_LIMIT: 'x' }, { HTTP_PORT: '0' }, { HTTP_PORT: '5000' }, { CONFIG_TOKEN: 'x' }]) {
      assert.throws(() => settings.change({ LOG_LEVEL: 'error', ...wrong } as SettingValues), ConfigurationError)
      assert.equal(settings.live.LOG_LEVEL(), 'warn')
    }
  })

  it('that cannot change wait for a restart, until they are again what they were', () => {
    const settings = open({ DATABASE_POOL_SIZE: '5' })

    assert.deepEqual(settings.change({ DATABASE_POOL_SIZE: '6', RATE_LIMIT: '5/min' }), {
      applied: ['RATE_LIMIT'],
      waiting: ['DATABASE_POOL_SIZE'],
      warnings: [],
    })
    assert.deepEqual(settings.change({ DATABASE_POOL_SIZE: '6' }), {
      applied: ['RATE_LIMIT'],
      waiting: [],
      warnings: [],
    })
    assert.equal(settings.countWaiting(), 1)
    assert.deepEqual(settings.change({ DATABASE_POOL_SIZE: ' 5' }), { applied: [], waiting: [], warnings: [] })
    assert.equal(settings.countWaiting(), 0)
  })

  it('are, for a process that starts later, those of the start but for what may change', () => {
    const settings = open({ DATABASE_POOL_SIZE: '5', RATE_LIMIT: '5/min', CORS_ORIGINS: 'https://a.example' })

    settings.change({ DATABASE_POOL_SIZE: '6', RATE_LIMIT: '6/min', LOG_LEVEL: 'warn', HTTP_PORT: '9000' })

    assert.deepEqual(settings.valuesInForce(), { DATABASE_POOL_SIZE: '5', RATE_LIMIT: '6/min', LOG_LEVEL: 'warn' })
  })

  it('of the environment win, and do not change', () => {
    const settings = open({ RATE_LIMIT: '5/min' }, { RATE_LIMIT: '7/min' })

    assert.deepEqual(settings.change({ RATE_LIMIT: '6/min' }), { applied: [], waiting: [], warnings: [] })
    assert.deepEqual(settings.live.RATE_LIMIT(), { requests: 7, seconds: 60 })
  })

  it('that are wrong are reported with their place, without their value', () => {
    const values = { RATE_LIMIT: 'canary', HTTP_PORT: 'canary', LOG_LEVEL: 'canary' }

    assert.throws(
      () => open(values, { HTTP_PORT: 'canary', LOG_LEVEL: 'info', GRPC_PORT: 'canary' }),
      (error: ConfigurationError) => {
        const [port, limit, grpc, ...others] = error.problems
        assert.match(port ?? '', /^HTTP_PORT must be .*\d$/)
        assert.match(limit ?? '', /^RATE_LIMIT must be .* \(in a file\)$/)
        assert.match(grpc ?? '', /^GRPC_PORT must be .*off$/)
        assert.deepEqual(others, [])
        return true
      },
    )
  })

  it('that are unknown are reported once: all in a file, and misspelt ones in the environment', () => {
    const { change, warnings } = open({ RATE_LIMITS: '5/min', rateLimit: 'x' }, { HTTP_PROT: '80', HOME: '/root' })

    assert.deepEqual(warnings, [
      'RATE_LIMITS is not a setting: did you mean RATE_LIMIT?',
      'HTTP_PROT is not a setting: did you mean HTTP_PORT?',
      'rateLimit is not a setting',
    ])
    assert.deepEqual(change({ RATE_LIMITS: '6/min', other: '' }).warnings, ['other is not a setting'])
  })
})
