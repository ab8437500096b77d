import type { Call } from './openfga-client.ts'
import type { Target } from './target.ts'
import type { Tuple } from './tuples.ts'

/** OpenFGA's limit for one write, and for one page. */
export const MAX_TUPLES = 100

/** A long time-out: no caller waits for these calls, and the server may be busy. */
export const MIRROR_TIMEOUT_MS = 2_500

type Page = Readonly<{ tuples: readonly { key: Tuple }[]; continuation_token: string }>

/** Reads all tuples, or those that match, page by page. */
export const createTupleReader = (call: Call, target: () => Promise<Target>) =>
  async function* (filter?: Partial<Tuple>): AsyncGenerator<readonly Tuple[]> {
    const { store } = await target()
    const query = { ...(filter && { tuple_key: filter }), page_size: MAX_TUPLES, consistency: 'HIGHER_CONSISTENCY' }
    for (let page = ''; ; ) {
      const request = { body: { ...query, continuation_token: page }, timeoutMs: MIRROR_TIMEOUT_MS }
      const { tuples, continuation_token } = await call<Page>(`/stores/${store}/read`, request)
      yield tuples.map(({ key: { user, relation, object } }) => ({ user, relation, object }))
      if (continuation_token === '') return
      page = continuation_token
    }
  }
