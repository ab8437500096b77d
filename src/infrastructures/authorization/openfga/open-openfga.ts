import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { tlsSetupError } from '../../connection/tls-setup-error.ts'
import { migrateOpenFga } from './migrate.ts'
import { lacking, type Model, readModel } from './model.ts'
import { openFgaAuthorization } from './openfga-authorization.ts'
import { type Call, createOpenFgaClient, type Reports, RequestRefused } from './openfga-client.ts'
import { openFgaMirror } from './openfga-mirror.ts'
import { MIGRATE_HINT, type Named, openTarget, type Target } from './target.ts'

type Options = Reports & Readonly<{ token: string | null }>

/**
 * Opens OpenFGA. The service also starts while it is down.
 *
 * @throws {ServerSetupError} if it refuses the token, or has no such store, or a model that lacks something
 */
export async function openOpenFga({ url, store, model }: Named & Readonly<{ url: string }>, options: Options) {
  const call = createOpenFgaClient({ url, ...options })
  const target = openTarget(call, { store, model })
  const own = readModel()
  const ping = () => verify(call, target, own)

  await ping().catch((error) => {
    if (error instanceof ServerSetupError) throw error
  })
  return {
    authorization: openFgaAuthorization(call, target),
    mirror: openFgaMirror(call, target, own),
    ping,
  }
}

/** Writes store and model. @throws {ServerSetupError} */
export const migrate = ({ url, ...named }: Named & Readonly<{ url: string }>, options: Options): Promise<Target> =>
  refusing(() => migrateOpenFga(createOpenFgaClient({ url, ...options }), named, readModel()))

/** Asks for the model. @throws {DependencyUnavailable} @throws {ServerSetupError} */
const verify = (call: Call, target: () => Promise<Target>, own: Model): Promise<void> =>
  refusing(async () => {
    const { store, model } = await target()
    const path = `/stores/${store}/authorization-models/${model}`
    const { authorization_model } = await call<{ authorization_model?: Model }>(path, { method: 'GET' })
    if (authorization_model === undefined) throw new ServerSetupError('the server is not OpenFGA')
    const names = lacking(authorization_model, own)
    if (names.length > 0) throw new ServerSetupError(`the model lacks ${names.join(', ')}`, MIGRATE_HINT)
  })

/** Distinguishes errors that last until an operator acts from transient ones. */
async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw (error instanceof DependencyUnavailable && refusalIn(error.cause)) || error
  }
}

function refusalIn(cause: unknown): ServerSetupError | null {
  if (cause instanceof ServerSetupError) return cause
  if (!(cause instanceof RequestRefused)) return cause instanceof Error ? tlsSetupError(cause.cause) : null
  if (cause.status >= 500 || [408, 409, 429].includes(cause.status)) return null
  const hint =
    cause.status === 401 || cause.status === 403 ? 'AUTHORIZATION_TOKEN must be a key of the server' : MIGRATE_HINT
  return new ServerSetupError(cause.message, hint, { cause })
}
