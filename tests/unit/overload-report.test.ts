import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { createOverloadReport } from '../../src/controllers/http/load/overload-report.ts'

describe('the report of an overload', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }))
  afterEach(() => mock.timers.reset())

  function setUp() {
    const reported: (number | 'relief')[] = []
    const report = createOverloadReport({
      onRefused: (count) => reported.push(count),
      onRecovered: () => reported.push('relief'),
    })
    const refuse = (times: number) => {
      for (let refusal = 0; refusal < times; refusal++) report.recordRefusal()
    }
    return { reported, report, refuse }
  }

  it('counts refusals once a second, and says nothing of seconds without', () => {
    const { reported, refuse } = setUp()
    refuse(3)
    mock.timers.tick(1_000)
    refuse(5)
    mock.timers.tick(2_000)

    assert.deepEqual(reported, [3, 5])
  })

  it('reports the recovery once, after three seconds without long queues', () => {
    const { reported, report, refuse } = setUp()
    refuse(1)
    mock.timers.tick(2_000)
    report.recordBusy()
    mock.timers.tick(3_000)
    assert.deepEqual(reported, [1])

    mock.timers.tick(60_000)
    assert.deepEqual(reported, [1, 'relief'])
  })

  it('begins anew with the next overload', () => {
    const { reported, report, refuse } = setUp()
    report.recordBusy()
    mock.timers.tick(10_000)
    refuse(2)
    mock.timers.tick(10_000)

    assert.deepEqual(reported, ['relief', 2, 'relief'])
  })
})
