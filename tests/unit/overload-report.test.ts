import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { createOverloadReport } from '../../src/controllers/http/load/overload-report.ts'

describe('the report of an overload', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }))
  afterEach(() => mock.timers.reset())

  function setUp() {
    const told: (number | 'relief')[] = []
    const report = createOverloadReport({
      onRefused: (count) => told.push(count),
      onRecovered: () => told.push('relief'),
    })
    const refuse = (times: number) => {
      for (let refusal = 0; refusal < times; refusal++) report.recordRefusal()
    }
    return { told, report, refuse }
  }

  it('counts refusals once a second, and says nothing of seconds without', () => {
    const { told, refuse } = setUp()
    refuse(3)
    mock.timers.tick(1_000)
    refuse(5)
    mock.timers.tick(2_000)

    assert.deepEqual(told, [3, 5])
  })

  it('reports the recovery once, after three seconds without long queues', () => {
    const { told, report, refuse } = setUp()
    refuse(1)
    mock.timers.tick(2_000)
    report.recordBusy()
    mock.timers.tick(3_000)
    assert.deepEqual(told, [1])

    mock.timers.tick(60_000)
    assert.deepEqual(told, [1, 'relief'])
  })

  it('begins anew with the next overload', () => {
    const { told, report, refuse } = setUp()
    report.recordBusy()
    mock.timers.tick(10_000)
    refuse(2)
    mock.timers.tick(10_000)

    assert.deepEqual(told, ['relief', 2, 'relief'])
  })
})
