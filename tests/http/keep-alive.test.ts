import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { TIMEOUTS } from '../kit/attacks.ts'
import { openForum } from '../kit/http.ts'

/** A connection of a forum that listens, after one answer on it. */
async function openIdle(needs: Parameters<typeof openForum>[0], path = '/v1/posts') {
  const forum = await openForum(needs)
  await forum.http.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((forum.http.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1')
  const ask = async (): Promise<string> => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    const [answer] = await once(socket, 'data')
    return answer
  }
  return {
    ask,
    first: await ask(),
    closed: once(socket, 'end'),
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await forum[Symbol.asyncDispose]()
    },
  }
}

describe('an idle connection', () => {
  it('stays open for 75 s, which each answer says, whatever it is', async () => {
    for (const path of ['/v1/posts', '/nothing', '/%zz']) {
      await using idle = await openIdle({}, path)

      assert.match(idle.first, /\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n/i, path)
    }
  })

  it('outlives what a slow client may be silent', async () => {
    await using idle = await openIdle({ keepAliveMs: 20_000, timeouts: { ...TIMEOUTS, headers: 200, idle: 200 } })
    await sleep(1_000)

    assert.match(await idle.ask(), /^HTTP\/1\.1 401 .*\r\nKeep-Alive: timeout=20\r\n/is)
  })

  it('is closed after its time', async () => {
    await using idle = await openIdle({ keepAliveMs: 1_000 })

    await idle.closed
  })
})
