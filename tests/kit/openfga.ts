import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { EngineChoice } from '../../src/infrastructures/authorization/open-authorization.ts'
import { parseModel } from '../../src/infrastructures/authorization/openfga/model.ts'
import { createOpenFgaClient } from '../../src/infrastructures/authorization/openfga/openfga-client.ts'
import type { Tuple } from '../../src/infrastructures/authorization/openfga/tuples.ts'
import { openFgaUrl } from './engines.ts'

type Options = Readonly<{
  server?: string
  /** Relations of a larger model, each with the type that has it: users may be given them. */
  relations?: Readonly<Record<string, string>>
}>

/** A store of its own on an OpenFGA, with the model of the service or a larger one, and what tests read and write in it. */
export async function freshOpenFgaStore({ server = openFgaUrl ?? '', relations = {} }: Options = {}) {
  const url = `http://${new URL(server).host}`
  const call = createOpenFgaClient({ url, token: null })
  const { id: store } = await call<{ id: string }>('/stores', { body: { name: randomBytes(6).toString('hex') } })
  const body = enlarged(relations)
  const answer = await call<{ authorization_model_id: string }>(`/stores/${store}/authorization-models`, { body })
  const model = answer.authorization_model_id
  const choice: EngineChoice = { kind: 'openfga', url, store, model }

  async function tuples(): Promise<readonly string[]> {
    const found: string[] = []
    for (let page = ''; ; ) {
      type Page = { tuples: readonly { key: Tuple }[]; continuation_token: string }
      const body = { page_size: 100, continuation_token: page }
      const answer = await call<Page>(`/stores/${store}/read`, { body, timeoutMs: 10_000 })
      found.push(...answer.tuples.map(({ key: { user, relation, object } }) => `${user} ${relation} ${object}`))
      page = answer.continuation_token
      if (page === '') return found.sort()
    }
  }

  return {
    choice,
    call,
    /** The value of AUTHORIZATION_URL. */
    setting: `openfga://${new URL(server).host}?store=${store}&model=${model}`,
    /** All tuples as `user relation object`, sorted. */
    tuples,
    write: (...keys: readonly Tuple[]) => call(`/stores/${store}/write`, { body: { writes: { tuple_keys: keys } } }),
    delete: (...keys: readonly Tuple[]) => call(`/stores/${store}/write`, { body: { deletes: { tuple_keys: keys } } }),
    [Symbol.asyncDispose]: async () => void (await call(`/stores/${store}`, { method: 'DELETE' })),
  }
}

const MODEL = new URL('../../src/infrastructures/authorization/openfga/model.fga', import.meta.url)

function enlarged(relations: Readonly<Record<string, string>>) {
  let text = readFileSync(MODEL, 'utf8')
  for (const [relation, type] of Object.entries(relations)) {
    text = text.replace(`type ${type}\n  relations\n`, (start) => `${start}    define ${relation}: [user]\n`)
  }
  return parseModel(text)
}
