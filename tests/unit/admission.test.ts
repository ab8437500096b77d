import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { createAdmission } from '../../src/controllers/http/load/admission.ts'
import { createRequestQueues } from '../../src/controllers/http/load/request-queues.ts'

/** More refusals than a turn makes beside its work. */
const BURST = 65

/** An admission whose queue of reads is full, and a clock that the test moves. */
function openAdmission() {
  let time = 1
  const now = () => time
  const queues = createRequestQueues(now)
  const admission = createAdmission(queues, { onRefused: () => {}, onRecovered: () => {} }, now)
  const arrive = () => {
    const request = new IncomingMessage(new Socket())
    const response = new ServerResponse(request)
    const queue = queues.queueOf(Object.assign(request, { method: 'GET', url: '/' }))
    const isAdmitted = admission.admits(queue, request, response)
    if (isAdmitted) queue.add({ request, response })
    return isAdmitted
  }
  fill(arrive)
  return {
    ...admission,
    arrive,
    pass(ms: number): void {
      time += ms
    },
  }
}

/** How many are admitted until one is refused. */
function fill(arrive: () => boolean): number {
  let admitted = 0
  while (arrive()) admitted++
  return admitted
}

describe('a turn of the event loop that refuses requests', () => {
  it('lets wait what a refusal would reach late, and refuses again in the next turn', () => {
    const { arrive, pass, endIteration } = openAdmission()
    for (let refused = 1; refused < BURST; refused++) assert.equal(arrive(), false)

    pass(40)
    assert.equal(arrive(), false)
    pass(1)
    assert.equal(arrive(), true)

    endIteration()
    assert.equal(arrive(), false)
  })

  it('goes on to refuse where it had other work and refused few', () => {
    const { arrive, pass } = openAdmission()

    pass(1_000)
    for (let refused = 2; refused < BURST; refused++) assert.equal(arrive(), false)
  })

  it('refuses all the same what would take too much memory while it waits', () => {
    const { arrive, pass } = openAdmission()
    for (let refused = 1; refused < BURST; refused++) arrive()
    pass(41)

    const waiting = fill(arrive)
    assert.ok(waiting > 3_000 && waiting <= 4_000, `${waiting}`)
  })
})
