import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { PRODUCT } from '../../../patterns/product.ts'
import { ServerSetupError } from '../../connection/server-setup-error.ts'
import type { Call } from './openfga-client.ts'

/** Where the tuples are, and the model by which they are read. */
export type Target = Readonly<{ store: string; model: string }>

/** The ids that a URL names; null where it does not. */
export type Named = Readonly<{ [Part in keyof Target]: string | null }>

/** The store that `authorization:migrate` makes. OpenFGA does not keep names unique: the oldest store counts. */
export const STORE_NAME = PRODUCT.namespace

export const MIGRATE_HINT = 'npm run authorization:migrate writes store and model'

/**
 * The ids of store and model: those that are named, else the store by its name and the newest model in it.
 *
 * @throws {DependencyUnavailable} also if there is none
 */
export function openTarget(call: Call, { store, model }: Named): () => Promise<Target> {
  let found: Target | null = store !== null && model !== null ? { store, model } : null

  return async () => {
    found ??= await find(call, { store, model })
    return found
  }
}

async function find(call: Call, named: Named): Promise<Target> {
  const store = named.store ?? (await findStore(call)) ?? missing(`there is no store called ${STORE_NAME}`)
  const model = named.model ?? (await newestModel(call, store))?.id ?? missing('the store has no authorization model')
  return { store, model }
}

function missing(what: string): never {
  throw new DependencyUnavailable('authorization engine', { cause: new ServerSetupError(what, MIGRATE_HINT) })
}

type Stores = Readonly<{ stores: readonly { id: string; name: string }[]; continuation_token: string }>

/** The id of the oldest store of our name, or null. Ids are sorted by time. */
export async function findStore(call: Call): Promise<string | null> {
  const ids: string[] = []
  for (let page = ''; ; ) {
    const query = new URLSearchParams({ name: STORE_NAME, page_size: '100', continuation_token: page })
    const { stores, continuation_token } = await call<Stores>(`/stores?${query}`, { method: 'GET' })
    ids.push(...stores.filter(({ name }) => name === STORE_NAME).map(({ id }) => id))
    if (continuation_token === '') return ids.sort()[0] ?? null
    page = continuation_token
  }
}

type Models = Readonly<{ authorization_models: readonly (object & { id: string })[] }>

export async function newestModel(call: Call, store: string): Promise<Models['authorization_models'][number] | null> {
  const path = `/stores/${store}/authorization-models?page_size=1`
  const { authorization_models } = await call<Models>(path, { method: 'GET' })
  return authorization_models[0] ?? null
}
