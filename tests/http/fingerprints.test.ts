import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Fastify from 'fastify'
import { type TSchema, Type } from 'typebox'
import { parseIdempotencyKey } from '../../src/controllers/http/v1/idempotency-key.ts'
import { KEYED } from '../kit/forum-routes.ts'
import { openForum } from '../kit/http.ts'
import type { Route } from '../kit/routes.ts'

type Body = TSchema & { properties: Record<string, TSchema> }
type Keyed = Readonly<{ operationId: string; body: Body }>

await using forum = await openForum()

/** Every route that takes an Idempotency-Key, whatever module it is of. */
const IDEMPOTENCY_ERRORS = forum.routes
  .map(({ schema }) => schema as Route['schema'] & Keyed & { headers?: Body })
  .filter(({ headers }) => headers !== undefined && 'idempotency-key' in headers.properties)

/** What the routes of such an operation take bodies for. */
async function fingerprinting({ operationId, body }: Keyed) {
  const http = Fastify()
  http.post('/', { schema: { operationId, body } as object, validatorCompiler: () => () => true }, (request) =>
    parseIdempotencyKey(request),
  )
  return async (sent: unknown): Promise<string> => {
    const headers = { 'idempotency-key': 'key', 'content-type': 'application/json' }
    const answer = await http.inject({ method: 'POST', url: '/', headers, payload: JSON.stringify(sent) })
    return answer.json().fingerprint
  }
}

/** A body in which no two fields, and no two bodies, have the same values. */
const bodyOf = ({ properties }: Body, values: string) =>
  Object.fromEntries(Object.keys(properties).map((field) => [field, `${field} ${values}`]))

describe('the fingerprint of a request that may come again', () => {
  it('is there for every operation that adds something', () => {
    assert.deepEqual(
      IDEMPOTENCY_ERRORS.map(({ operationId }) => operationId).sort(),
      KEYED.map(([operationId]) => operationId).sort(),
    )
  })

  for (const { operationId, body } of IDEMPOTENCY_ERRORS) {
    const extended = Type.Object({ ...body.properties, added: Type.String() }) as unknown as Body

    for (const field of Object.keys(extended.properties)) {
      it(`of ${operationId} differs with ${field}`, async () => {
        const fingerprintOf = await fingerprinting({ operationId, body: extended })
        const [one, other] = [bodyOf(extended, 'one'), bodyOf(extended, 'other')]

        assert.notEqual(await fingerprintOf(one), await fingerprintOf({ ...one, [field]: other[field] }))
        assert.notEqual(await fingerprintOf(one), await fingerprintOf({ ...one, [field]: undefined }))
      })
    }

    it(`of ${operationId} is the same in whatever order its fields come, at any depth`, async () => {
      const fingerprintOf = await fingerprinting({ operationId, body: extended })
      const one = { ...bodyOf(extended, 'one'), nested: [{ a: 1, b: 2 }, null] }
      const reversed = Object.fromEntries(Object.entries({ ...one, nested: [{ b: 2, a: 1 }, null] }).reverse())

      assert.equal(await fingerprintOf(one), await fingerprintOf(reversed))
    })

    it(`of ${operationId} is that of no other operation`, async () => {
      const sent = bodyOf(body, 'one')
      const [own, others] = [
        await fingerprinting({ operationId, body }),
        await fingerprinting({ operationId: 'other', body }),
      ]

      assert.notEqual(await own(sent), await others(sent))
    })
  }
})
