import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../../src/infrastructures/connection/server-setup-error.ts'
import type { Logger } from '../../src/infrastructures/telemetry/logger.ts'
import { createOutageLog, logWarning } from '../../src/main/log-warning.ts'

/** A log that is read, and a clock that is set. */
function notes() {
  const lines: string[] = []
  const clock = { now: 0 }
  const write = (fields: unknown, text?: string) =>
    void lines.push(
      typeof fields === 'string' ? fields : `${text} | ${(fields as Record<string, string>)['error.message']}`,
    )
  return { lines, clock, logger: { warn: write, info: write } as unknown as Logger, uptime: () => clock.now }
}

const refused = new Error('connect ECONNREFUSED')

describe('a warning', () => {
  it('says why a dependency does not answer, not that it does not', () => {
    const { logger, lines, uptime } = notes()
    const warn = logWarning(logger, 'events wait', uptime)

    const away = new DependencyUnavailable('message queue', { cause: new Error('outer', { cause: refused }) })
    warn(new DependencyUnavailable('message queue', { cause: away }))
    warn(new DependencyUnavailable('database'))
    warn(new ServerSetupError('vhost not found', '', { cause: refused }))

    assert.deepEqual(lines, [
      'events wait | outer: connect ECONNREFUSED',
      'events wait | The database does not answer. Nothing was kept: try again later.',
      'events wait | vhost not found',
    ])
  })

  it('is logged at once for each cause, and once a minute for one that goes on', () => {
    const { logger, lines, clock, uptime } = notes()
    const warn = logWarning(logger, (cause) => `waiting: ${cause}`, uptime)

    for (; clock.now < 120_000; clock.now += 1_000) {
      warn(refused)
      warn(new Error('reset'))
    }

    assert.deepEqual(lines, [
      'waiting: connect ECONNREFUSED | connect ECONNREFUSED',
      'waiting: reset | reset',
      'waiting: connect ECONNREFUSED | connect ECONNREFUSED',
      'waiting: reset | reset',
    ])
  })

  it('is bounded, however many causes there are', () => {
    const { logger, lines, uptime } = notes()
    const warn = logWarning(logger, 'events wait', uptime)

    for (let n = 0; n < 200; n++) warn(new Error(`cause ${n}`))
    warn(new Error('cause 0'))

    assert.equal(lines.length, 201)
  })
})

describe('the warning of an outage', () => {
  it('logs its end once if it logged its beginning, and the next one anew', () => {
    const { logger, lines, uptime } = notes()
    const { warn, resolve } = createOutageLog(logger, {
      textOf: (cause) => `waiting: ${cause}`,
      restored: 'back',
      uptime,
    })

    resolve()
    for (let outage = 0; outage < 2; outage++) {
      warn(refused)
      warn(refused)
      resolve()
      resolve()
    }

    const once = ['waiting: connect ECONNREFUSED | connect ECONNREFUSED', 'back']
    assert.deepEqual(lines, [...once, ...once])
  })
})
