import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { type Answer, createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { ARENAS, NOTHING } from './kit/rivals.ts'

const [ROUNDS, RIVALS] = [size(100, 1_000), 8]
const [COUNTERS, INCREMENTS] = [16, size(12, 120)]

for (const { name, skip, open } of ARENAS) {
  describe(`${name}: people who change the same post at the same time`, { skip }, () => {
    it('from the same version: one of them wins, the others get a conflict', async (test) => {
      await using issuer = await startTestIssuer()
      await using arena = await open(issuer)
      using http = createHttpClient()
      const { token } = await aPerson(issuer, 'alice')
      const urlOf = (index: number) => `${arena.urls[index % arena.urls.length]}/v1/posts`
      const wrong: string[] = []

      for (let round = 0; round < ROUNDS; round++) {
        const { body } = await http.ask({ method: 'POST', url: urlOf(round), token, body: { text: 'as written' } })
        const rewrite = (rival: number) => {
          const headers = { 'if-match': '"1"' }
          return http.ask({
            method: 'PUT',
            url: `${urlOf(rival)}/${body.id}`,
            token,
            headers,
            body: { text: `by ${rival}` },
          })
        }
        const answers = await Promise.all(Array.from({ length: RIVALS }, (_, rival) => rewrite(rival)))
        const kept = await http.ask({ url: `${urlOf(round + 1)}/${body.id}`, token })
        wrong.push(...judgeRound(answers, kept).map((fault) => `round ${round}: ${fault}`))
      }

      const rows = (await arena.store?.rows()) ?? NOTHING
      report(test, { rounds: ROUNDS, rivals: RIVALS, processes: arena.urls.length, wrong: wrong.length })
      assert.deepEqual(wrong, [])
      assert.deepEqual(inconsistencies(rows), [])
      assert.ok(rows.kept.every((row) => row.noun !== 'post' || row.version === 2))
    })

    it('reading first and again after a conflict: no change is lost', async (test) => {
      await using issuer = await startTestIssuer()
      await using arena = await open(issuer)
      using http = createHttpClient()
      const { token } = await aPerson(issuer, 'alice')
      const urlOf = (index: number) => `${arena.urls[index % arena.urls.length]}/v1/posts`
      const { body } = await http.ask({ method: 'POST', url: urlOf(0), token, body: { text: '0' } })
      const statuses = new Map<number, number>()

      async function increment(url: string): Promise<void> {
        const { body: read, headers } = await http.ask({ url, token })
        const next = { text: String(Number(read.text) + 1) }
        const asked = { method: 'PUT', url, token, body: next, headers: { 'if-match': String(headers.etag) } }
        const { status } = await http.ask(asked)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status !== 200) await increment(url)
      }
      const counters = Array.from({ length: COUNTERS }, async (_, index) => {
        for (let done = 0; done < INCREMENTS; done++) await increment(`${urlOf(index)}/${body.id}`)
      })
      await Promise.all(counters)

      const { body: kept } = await http.ask({ url: `${urlOf(0)}/${body.id}`, token })
      const total = COUNTERS * INCREMENTS
      report(test, { increments: total, counted: kept.text, answers: JSON.stringify([...statuses]) })
      assert.deepEqual([kept.text, kept.version, statuses.get(200)], [String(total), total + 1, total])
      assert.deepEqual([...statuses.keys()].sort(), [200, 412])
      assert.deepEqual(inconsistencies((await arena.store?.rows()) ?? NOTHING), [])
    })
  })
}

function judgeRound(answers: readonly Answer[], kept: Answer): readonly string[] {
  const winners = answers.filter(({ status }) => status === 200)
  const losers = answers.filter(({ status, body }) => status === 412 && body.code === 'stale-version')
  if (winners.length !== 1 || losers.length !== RIVALS - 1) return [answers.map(({ status }) => status).join(' ')]
  const [winner] = winners
  return kept.body.version === 2 && kept.body.text === winner?.body.text ? [] : ['what is kept is not what won']
}
