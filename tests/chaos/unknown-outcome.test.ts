import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { startPostgresProxy } from './kit/postgres-proxy.ts'
import { settingsFor, startRevivable } from './kit/revivable.ts'
import { POSTGRES } from './kit/stores.ts'

const ROUNDS = size(20, 200)

describe('a commit whose answer is lost', { skip: POSTGRES.skip }, () => {
  for (const [cut, keeps] of [
    ['unanswered', true],
    ['unheard', false],
  ] as const) {
    it(`is never called a success or a mistake of the client (${cut})`, async (test) => {
      await using store = await POSTGRES.open()
      await using proxy = await startPostgresProxy(store.url)
      await using issuer = await startTestIssuer()
      await using service = await startRevivable(settingsFor(issuer, proxy.url))
      using http = createHttpClient()
      const { token } = await aPerson(issuer, 'alice')
      const write = (text: string) =>
        http.ask({ method: 'POST', url: `${service.url}/v1/posts`, token, body: { text } })
      await write('first')

      const answers = []
      for (let round = 0; round < ROUNDS; round++) {
        proxy.cutNextCommit(cut)
        answers.push(await write(`cut ${round}`), await write(`whole ${round}`))
      }

      const texts = (await store.rows()).kept.flatMap(({ noun, text }) => (noun === 'post' ? text : []))
      const statuses = new Set(answers.map(({ status }, index) => `${index % 2 ? 'whole' : 'cut'} ${status}`))
      report(test, { rounds: ROUNDS, answers: [...statuses].join(' and '), kept: texts.length })
      assert.deepEqual([...statuses], ['cut 503', 'whole 201'])
      assert.ok(answers.every(({ status, headers }) => status !== 503 || Number(headers['retry-after']) > 0))
      assert.equal(texts.filter((text) => text?.startsWith('cut')).length, keeps ? ROUNDS : 0)
      assert.equal(new Set(texts).size, texts.length)
      assert.deepEqual(inconsistencies(await store.rows()), [])
    })
  }
})
