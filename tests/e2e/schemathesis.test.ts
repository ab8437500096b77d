import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipWithout } from '../kit/engines.ts'
import { fuzz } from '../kit/schemathesis.ts'
import { size } from '../kit/size.ts'
import { ENGINES, openWorld } from './world.ts'

/** In all, on the stores that are here. */
const CASES = size(1_000, 50_000)
const EXAMPLES = size(10, 100)
const SEED = Number(process.env['SEED'] ?? 1)
const DAY_S = 24 * 60 * 60

const engines = ENGINES.filter(({ skip }) => skip === false)

describe('the document, fuzzed', { skip: skipWithout('schemathesis') }, () => {
  for (const engine of ENGINES) {
    it(`is true of every answer, on ${engine.name}`, { skip: engine.skip }, async (test) => {
      await using world = await openWorld(engine)
      await using service = await world.start({ KEYCLOAK_WEBHOOK_SECRET: 's'.repeat(32), KEYCLOAK_REALM: 'forum' })
      const { id: sub, name } = world.alice
      const exp = Math.floor(Date.now() / 1000) + DAY_S
      const token = await world.issuer.token({ sub, name, preferred_username: 'alice', exp })

      let cases = 0
      for (let seed = SEED; cases < CASES / engines.length; seed++) {
        const fuzzed = await fuzz({ url: `${service.url}/openapi.json`, token, seed, examples: EXAMPLES })
        cases += fuzzed.cases
        test.diagnostic(`SEED=${seed}: ${fuzzed.cases} cases`)
        assert.ok(!fuzzed.hasFailed && fuzzed.cases > 0, fuzzed.output)
        assert.doesNotMatch(service.logs(), /"log.level":"error"/)
      }
    })
  }
})
