import type { Authorization } from '../../domains/ports/authorization.ts'
import type { PermissionMirror } from '../../domains/ports/permission-mirror.ts'

export type EngineChoice = Readonly<{ kind: 'openfga'; url: string; store: string | null; model: string | null }>
export type AuthorizationChoice = Readonly<{ kind: 'builtin' }> | EngineChoice

type Options = Readonly<{
  token: string | null
  /** Called for each call that the engine did not answer, and for each that it answered. */
  onFailure?: (error: Error) => void
  onSuccess?: () => void
}>

/** The port, the mirror of permissions in an engine (null without one), and its health check. */
export type OpenAuthorization = Readonly<{
  authorization: Authorization
  mirror: PermissionMirror | null
  ping: () => Promise<void>
}>

/**
 * Opens the configured authorization: the only place that knows the adapters, and it loads only the configured one.
 *
 * @throws {ServerSetupError} if the engine refuses what this service needs
 */
export async function openAuthorization(choice: AuthorizationChoice, options: Options): Promise<OpenAuthorization> {
  switch (choice.kind) {
    case 'builtin': {
      const { builtinAuthorization } = await import('./builtin/builtin-authorization.ts')
      return { authorization: builtinAuthorization, mirror: null, ping: async () => {} }
    }
    case 'openfga': {
      const { openOpenFga } = await import('./openfga/open-openfga.ts')
      return openOpenFga(choice, options)
    }
  }
}

/** Writes store and model to the engine, and returns their ids. @throws {ServerSetupError} @throws {DependencyUnavailable} */
export async function migrateAuthorization(choice: EngineChoice, options: Options) {
  const { migrate } = await import('./openfga/open-openfga.ts')
  return migrate(choice, options)
}
