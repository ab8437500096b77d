import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { isSameModel, type Model } from './model.ts'
import { type Call, RequestRefused } from './openfga-client.ts'
import { findStore, type Named, newestModel, STORE_NAME, type Target } from './target.ts'

/**
 * Writes the store, if none is named and it is not there, and the model, if it is not the newest one of the store.
 *
 * @throws {ServerSetupError} if the named store does not exist
 */
export async function migrateOpenFga(call: Call, named: Named, model: Model): Promise<Target> {
  const store = named.store ?? (await findStore(call)) ?? (await createStore(call))
  if (named.store !== null) await assertExists(call, named.store)
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

/** OpenFGA takes models and tuples for any id, also for one that no list of stores has. */
async function assertExists(call: Call, store: string): Promise<void> {
  try {
    await call(`/stores/${store}`, { method: 'GET' })
  } catch (error) {
    const { cause } = error as Error
    if (!(cause instanceof RequestRefused) || cause.status !== 404) throw error
    throw new ServerSetupError(`there is no store ${store}`, 'without store= the command creates one', { cause })
  }
}
