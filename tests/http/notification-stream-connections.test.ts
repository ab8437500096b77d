import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, it } from 'node:test'
import { openTarget } from '../kit/attacks.ts'
import { until } from '../kit/command.ts'
import { openForum } from '../kit/http.ts'
import { askTogether, openBusyForum } from './busy-forum.ts'

const requestOf = (token: string) =>
  `GET /v1/notifications/stream HTTP/1.1\r\nHost: forum\r\nAuthorization: Bearer ${token}\r\n\r\n`

describe('the connection of a stream of notifications', () => {
  it('is in the log with the address of its client, who has hung up', async () => {
    await using forum = await openForum()
    await forum.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = forum.http.server.address() as AddressInfo
    const reader = connect(port, '127.0.0.1').on('error', () => {})
    await once(reader, 'connect')
    reader.write(requestOf(forum.alice.token))
    await once(reader, 'data')

    reader.resetAndDestroy()
    await until('it is logged', () => forum.lines.length === 1)

    assert.equal(JSON.parse(forum.lines[0] ?? '')['client.ip'], '127.0.0.1')
  })

  it('that is half closed gets the end of the stream, and leaves no trace', async () => {
    await using target = await openTarget()
    for (let n = 0; n < 10; n++) {
      const socket = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true })
      let received = ''
      socket.setEncoding('latin1').on('data', (text: string) => {
        received += text
      })
      socket.end(requestOf(target.alice.token))
      await once(socket, 'end', { signal: AbortSignal.timeout(4_000) })
      assert.match(received, /^HTTP\/1\.1 200 .*\r\n0\r\n\r\n$/s)
    }
    const count = () => new Promise<number>((resolve) => target.http.server.getConnections((_, n) => resolve(n)))
    await until('all connections are closed', async () => (await count()) === 0)
  })

  it('is not refused because of many reads', async () => {
    await using busy = await openBusyForum()
    const headers = { authorization: `Bearer ${busy.forum.alice.token}`, accept: 'text/event-stream' }
    const { leave } = await askTogether(busy)

    const end = new AbortController()
    const stream = await fetch(`${busy.url}/v1/notifications/stream`, { headers, signal: end.signal })
    assert.equal(stream.status, 200)

    end.abort()
    busy.release()
    leave()
  })
})
