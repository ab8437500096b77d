import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { type ProxiedChoice, startCommitProxy } from './kit/commit-proxy.ts'
import { type Answer, createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { settingsFor, startRevivable } from './kit/revivable.ts'
import { MONGODB, POSTGRES, type StoreKind } from './kit/stores.ts'

for (const [kind, rounds] of [
  [POSTGRES, size(20, 200)],
  [MONGODB, size(3, 20)], // which asks for 3 s whether it has committed
] as const)
  describe(`${kind.name}: a commit whose answer is lost`, { skip: kind.skip }, () => {
    for (const [cut, keeps] of [
      ['unanswered', true],
      ['unheard', false],
    ] as const) {
      it(`is never called a success or a mistake of the client (${cut})`, async (test) => {
        await using world = await openWorld(kind)
        const { store, proxy, write } = world

        const answers = []
        for (let round = 0; round < rounds; round++) {
          proxy.cutNextCommit(cut)
          answers.push(await write(`cut ${round}`), await write(`whole ${round}`))
        }

        const texts = (await store.rows()).kept.flatMap(({ noun, text }) => (noun === 'post' ? text : []))
        const statuses = new Set(answers.map(({ status }, index) => `${index % 2 ? 'whole' : 'cut'} ${status}`))
        report(test, { rounds, answers: [...statuses].join(' and '), kept: texts.length })
        assert.deepEqual([...statuses], ['cut 503', 'whole 201'])
        assert.ok(answers.every(({ status, headers }) => status !== 503 || Number(headers['retry-after']) > 0))
        assert.ok(answers.every(({ status, body }) => status !== 503 || body.detail?.includes('is unknown whether')))
        assert.equal(texts.filter((text) => text?.startsWith('cut')).length, keeps ? rounds : 0)
        assert.equal(new Set(texts).size, texts.length)
        assert.deepEqual(inconsistencies(await store.rows()), [])
      })

      it(`lets nothing happen twice when the client repeats the request with its key (${cut})`, async (test) => {
        await using world = await openWorld(kind)
        const { store, proxy, write } = world

        const answers: Answer[] = []
        for (let round = 0; round < rounds; round++) {
          proxy.cutNextCommit(cut)
          for (const _ of ['first', 'second', 'third']) answers.push(await write(`text ${round}`, `key-${round}`))
        }

        const texts = (await store.rows()).kept.flatMap(({ noun, text }) => (noun === 'post' ? text : []))
        const outcomesOf = (start: number) =>
          answers.filter((_, index) => index % 3 === start).map(({ status, headers }) => [status, headers[REPLAYED]])
        report(test, { rounds, kept: texts.length })
        assert.deepEqual(outcomesOf(0), Array(rounds).fill([503, undefined]))
        assert.deepEqual(outcomesOf(1), Array(rounds).fill([201, keeps ? 'true' : undefined]))
        assert.deepEqual(outcomesOf(2), Array(rounds).fill([201, 'true']))
        assert.equal(texts.length, rounds + 1)
        assert.equal(new Set(texts).size, texts.length)
        assert.deepEqual(inconsistencies(await store.rows()), [])
      })
    }
  })

const REPLAYED = 'idempotency-replayed'

/** A service whose commits can be cut off, and one person who writes. */
async function openWorld({ open }: StoreKind) {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await open())
  const proxy = opening.use(await startCommitProxy(store.choice as ProxiedChoice))
  const issuer = opening.use(await startTestIssuer())
  const service = opening.use(await startRevivable(settingsFor(issuer, proxy.url)))
  const http = opening.use(createHttpClient())
  const { token } = await aPerson(issuer, 'alice')
  const write = (text: string, key?: string) => {
    const headers = key === undefined ? {} : { 'idempotency-key': key }
    return http.ask({ method: 'POST', url: `${service.url}/v1/posts`, token, body: { text }, headers })
  }
  await write('first')
  const opened = opening.move()
  return { store, proxy, write, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
