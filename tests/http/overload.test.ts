import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { headOf, openSocket } from '../chaos/kit/sockets.ts'
import { askTogether, CALLERS, MAX_RUNNING, openBusyForum, openCaller, READ, SHARE, until } from './busy-forum.ts'

describe('a service with more to do than it can', () => {
  it('refuses what does not fit, before it asks who is calling; the rest is answered in the end', async () => {
    await using busy = await openBusyForum()
    const stranger = await openCaller(busy.url, 'no token', `${READ}?secret=1`)
    const { callers, refused, leave } = await askTogether(busy)
    stranger.ask()
    await until(() => stranger.statuses().length > 0)
    const [head = '', body = ''] = stranger.text().split('\r\n\r\n')

    assert.match(head, /^HTTP\/1\.1 503 /)
    assert.match(head, /^retry-after: \d+$/im)
    assert.match(head, /^x-request-id: request-of-a-test$/im)
    assert.match(head, /^x-frame-options: DENY$/im)
    assert.match(head, /^content-type: application\/problem\+json$/im)
    assert.doesNotMatch(head, /^connection: close$/im)
    const { code, status, type, instance, requestId } = JSON.parse(body)
    assert.deepEqual([code, status, type], ['overloaded', 503, '/problems/overloaded'])
    assert.deepEqual([instance, requestId], [READ, 'request-of-a-test'])

    busy.release()
    await until(() => callers.every(({ statuses }) => statuses().length === 1))
    const answered = callers.filter(({ statuses }) => statuses()[0] === 404)
    assert.equal(answered.length, CALLERS - refused.length)
    assert.deepEqual(busy.shedder.stats(), { refused: refused.length + 1, running: 0, waiting: 0 })
    leave()
    stranger.socket.resetAndDestroy()
  })

  it('refuses no writes because of reads', async () => {
    await using busy = await openBusyForum()
    const { leave } = await askTogether(busy)

    const headers = { authorization: `Bearer ${busy.forum.alice.token}`, 'content-type': 'application/json' }
    const written = await fetch(`${busy.url}/v1/posts`, { method: 'POST', headers, body: '{"text":"now"}' })
    assert.equal(written.status, 201)

    busy.release()
    leave()
  })

  it('lets those wait that it has no time to refuse again, and answers them in the end', async () => {
    await using busy = await openBusyForum()
    const { refused, leave } = await askTogether(busy)
    assert.ok(refused.length > SHARE)

    for (const { ask } of refused) ask()
    await until(() => busy.shedder.stats().refused >= refused.length + SHARE)
    await sleep(200)
    const again = busy.shedder.stats().refused - refused.length

    busy.release()
    await until(() => refused.every(({ statuses }) => statuses().length === 2))
    assert.equal(again, SHARE)
    assert.equal(refused.filter(({ statuses }) => statuses()[1] === 404).length, refused.length - SHARE)
    leave()
  })

  it('refuses no first request of a connection, which may have waited for long until it was accepted', async () => {
    await using busy = await openBusyForum()
    const { refused, leave } = await askTogether(busy)
    const { waiting } = busy.shedder.stats()

    const socket = openSocket(busy.url)
    socket.write(headOf(busy.url, 'GET', READ, busy.forum.alice.token))
    await until(() => busy.shedder.stats().waiting > waiting || busy.shedder.stats().refused > refused.length)
    assert.equal(busy.shedder.stats().refused, refused.length)

    busy.release()
    await once(socket, 'data')
    socket.destroy()
    leave()
  })

  it('starts nothing for a caller that is gone', async () => {
    await using busy = await openBusyForum()
    const { callers, leave } = await askTogether(busy)

    leave()
    await Promise.all(callers.map(({ socket }) => socket.closed || once(socket, 'close')))
    await until(() => busy.shedder.stats().running + busy.shedder.stats().waiting === 0)
    busy.release()
    assert.ok(busy.asked.times <= MAX_RUNNING, `${busy.asked.times} were started`)
  })
})
