import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import type { Timeouts } from '../../src/controllers/http/server.ts'
import { type Answer, assertProblem, assertSafe } from './answers.ts'
import { type Forum, openForum } from './http.ts'
import { exchange, type Part } from './raw-http.ts'

/** An attack is over within this time, unless waiting is what it is about. */
const QUICK_MS = 1_500

/** Short time-outs, so that attacks by slowness need not be waited for. */
export const TIMEOUTS: Timeouts = { headers: 600, request: 900, idle: 5_000, checkInterval: 100 }

export type Target = Awaited<ReturnType<typeof openTarget>>

/** A forum that listens on a port, and proves after each attack that nothing came of it. */
export async function openTarget() {
  const forum = await openForum({ timeouts: TIMEOUTS, keepAliveMs: 2_000 })
  await forum.http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = forum.http.server.address() as AddressInfo
  await forum.call(forum.alice, 'POST', '/v1/posts', { body: { text: 'I was here before.' } })

  return {
    ...forum,
    port,

    /** The attack is refused, and everything is as it was. */
    async refuses(attack: () => Promise<Answer>, status: number, code: string, quickMs = QUICK_MS): Promise<void> {
      const before = forum.hash()
      const start = performance.now()
      const answer = await attack()
      const milliseconds = performance.now() - start

      assertProblem(answer, status, code)
      assert.ok(milliseconds < quickMs, `answered in ${milliseconds} ms`)
      assert.equal(forum.hash(), before, 'nothing changed')
      assertLogged(forum, answer)
      await assertAlive(forum, port)
    },

    /** Sends raw bytes, of which one answer comes. */
    async send(...parts: readonly Part[]): Promise<Answer & Readonly<{ isClosed: boolean }>> {
      const { answers, isClosed } = await exchange(port, parts)
      assert.equal(answers.length, 1, 'one answer')
      return { ...(answers[0] as Answer), isClosed }
    },
  }
}

/** One line in the log has the id of the answer, and no line has a token. */
function assertLogged({ lines, alice }: Forum, { headers }: Answer): void {
  const own = lines.filter((line) => line.includes(`"${headers['x-request-id']}"`))
  assert.equal(own.length, 1, 'one line in the log')
  for (const line of lines.splice(0)) assert.ok(!line.includes(alice.token.split('.')[2] ?? ''), 'no token in the log')
}

/** The next request, on a connection of its own, is answered as if nothing had been. */
async function assertAlive({ alice }: Forum, port: number): Promise<void> {
  const head = `GET /v1/posts HTTP/1.1\r\nHost: forum\r\nAuthorization: Bearer ${alice.token}\r\nConnection: close\r\n\r\n`
  const { answers, milliseconds } = await exchange(port, [head])
  assert.equal(answers[0]?.status, 200)
  assertSafe(answers[0])
  assert.ok(milliseconds < QUICK_MS, `the next request is answered in ${milliseconds} ms`)
}
