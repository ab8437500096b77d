import type { Call } from './openfga-client.ts'
import type { Target } from './target.ts'
import { MAX_TUPLES, MIRROR_TIMEOUT_MS } from './tuple-reader.ts'
import type { Tuple } from './tuples.ts'

export type Changes = Readonly<{ writes: readonly Tuple[]; deletes: readonly Tuple[] }>

/** Deletes and writes tuples. Ignores those that are already deleted or written. */
export const createTupleWriter = (call: Call, target: () => Promise<Target>) => {
  async function send(changes: object): Promise<void> {
    const { store, model } = await target()
    const body = { authorization_model_id: model, ...changes }
    await call(`/stores/${store}/write`, { body, timeoutMs: MIRROR_TIMEOUT_MS })
  }

  return async ({ writes, deletes }: Changes): Promise<void> => {
    for (const tuple_keys of portionsOf(deletes)) await send({ deletes: { tuple_keys, on_missing: 'ignore' } })
    for (const tuple_keys of portionsOf(writes)) await send({ writes: { tuple_keys, on_duplicate: 'ignore' } })
  }
}

function* portionsOf(tuples: readonly Tuple[]): Generator<readonly Tuple[]> {
  for (let at = 0; at < tuples.length; at += MAX_TUPLES) yield tuples.slice(at, at + MAX_TUPLES)
}
