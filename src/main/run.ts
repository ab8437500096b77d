import { DependencyUnavailable } from '../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../infrastructures/connection/server-setup-error.ts'
import { SchemaMismatch, StoreSetupError } from '../infrastructures/store/store-errors.ts'
import { createLogger } from '../infrastructures/telemetry/logger.ts'
import { PRODUCT } from '../patterns/product.ts'
import { parseCommandLine, USAGE, UsageError } from './command-line.ts'
import { Differs } from './commands/differs.ts'
import { ConfigurationError, readEnvironment, type Variables } from './config/env.ts'
import { NO_EXPORTS, openExports } from './exports.ts'
import { ListenError } from './listen-error.ts'
import { loadSettings, SettingsUnavailable } from './settings/load-settings.ts'
import { VERSION } from './version.ts'

/** Runs one command and says how it ended: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration. */
export async function run(args: readonly string[], variables: Variables): Promise<number> {
  try {
    await execute(args, variables)
    return 0
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    return exitCodeOf(error)
  }
}

/** Imports only the command that runs: a wrong usage or setting is refused without loading the rest of the service. */
async function execute(args: readonly string[], variables: Variables): Promise<void> {
  const command = parseCommandLine(args)
  const environment = readEnvironment(variables, '.env')
  const setup = await loadSettings(environment, process.stdout.isTTY)
  const { config, warnings } = setup.settings
  const given = { ...setup.origin?.values, ...environment }
  const { name } = command
  if (name === 'token') return (await import('./commands/token.ts')).token(config, given, command)
  if (name === 'reconcile') return (await import('./commands/reconcile.ts')).reconcile(config, command.isDryRun)
  if (name === 'webhook') return (await import('./commands/webhook.ts')).webhook(config, command.verb, command.url)
  if (name === 'authorization-migrate') return (await import('./commands/authorization.ts')).migrateEngine(config)
  if (name === 'authorization-rebuild') {
    return (await import('./commands/authorization.ts')).rebuildEngine(config, command.checks)
  }

  await using exports = name === 'serve' ? await openExports(setup.settings, given) : NO_EXPORTS
  const logger = await createLogger({ ...config.log, service: PRODUCT.service, version: VERSION, ...exports.tracing })
  for (const warning of warnings) logger.warn(warning)
  if (name === 'replay') return (await import('./commands/replay.ts')).replay(config, logger, command.since)
  if (name === 'migrate') return (await import('./commands/migrate.ts')).migrate(config, logger)
  if (name === 'seed') return (await import('./commands/seed.ts')).seed(config, logger)
  const { serve } = await import('./commands/serve.ts')
  return await serve(setup, logger, exports)
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`
  if (error instanceof ConfigurationError || error instanceof SettingsUnavailable) return error.message
  if (isStartupError(error)) return [error.message, error.hint].filter(Boolean).join('\n')
  if (error instanceof ListenError || error instanceof StoreSetupError || error instanceof Differs) return error.message
  if (error instanceof DependencyUnavailable && error.cause instanceof Error) return error.cause.message
  return error instanceof Error ? [error.stack, causeOf(error)].filter(Boolean).join('\n') : String(error)
}

const causeOf = ({ cause }: Error): string | null => (cause instanceof Error ? `caused by ${cause.message}` : null)

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2
  if (error instanceof StoreSetupError) return error.exitCode
  return error instanceof ConfigurationError || isStartupError(error) ? 78 : 1
}

/** A configured server answers, but is not what the service needs. */
const isStartupError = (error: unknown): error is SchemaMismatch | ServerSetupError =>
  error instanceof SchemaMismatch || error instanceof ServerSetupError
