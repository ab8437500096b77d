import { isSameModel, type Model } from './model.ts'
import type { Call } from './openfga-client.ts'
import { findStore, type Named, newestModel, STORE_NAME, type Target } from './target.ts'

/** Writes the store, if it is not there, and the model, if it is not the newest one of the store. */
export async function migrateOpenFga(call: Call, named: Named, model: Model): Promise<Target> {
  const store = named.store ?? (await findStore(call)) ?? (await createStore(call))
  const newest = await newestModel(call, store)
  if (newest !== null && isSameModel({ ...newest, id: '' }, model)) return { store, model: newest.id }

  const path = `/stores/${store}/authorization-models`
  const { authorization_model_id } = await call<{ authorization_model_id: string }>(path, { body: model })
  return { store, model: authorization_model_id }
}

/** Two that create it at once go on with the same one, the older. */
async function createStore(call: Call): Promise<string> {
  const { id } = await call<{ id: string }>('/stores', { body: { name: STORE_NAME } })
  return (await findStore(call)) ?? id
}
