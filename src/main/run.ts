import { DependencyUnavailable } from '../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../infrastructures/connection/server-setup-error.ts'
import { SchemaMismatch, StoreSetupError } from '../infrastructures/store/store-errors.ts'
import { createLogger } from '../infrastructures/telemetry/logger.ts'
import { PRODUCT } from '../patterns/product.ts'
import { parseCommandLine, USAGE, UsageError } from './command-line.ts'
import { Differs, migrateEngine, rebuildEngine } from './commands/authorization.ts'
import { migrate } from './commands/migrate.ts'
import { reconcile } from './commands/reconcile.ts'
import { replay } from './commands/replay.ts'
import { seed } from './commands/seed.ts'
import { serve } from './commands/serve.ts'
import { token } from './commands/token.ts'
import { webhook } from './commands/webhook.ts'
import { ConfigurationError, readEnvironment, type Variables } from './config/env.ts'
import { ListenError } from './listen-error.ts'
import { loadSettings, SettingsUnavailable } from './settings/load-settings.ts'
import { openConfiguredTracing } from './tracing.ts'
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

async function execute(args: readonly string[], variables: Variables): Promise<void> {
  const command = parseCommandLine(args)
  const environment = readEnvironment(variables, '.env')
  const setup = await loadSettings(environment, process.stdout.isTTY)
  const { config, warnings } = setup.settings
  const given = { ...setup.origin?.values, ...environment }
  if (command.name === 'token') return token(config, given, command)
  if (command.name === 'reconcile') return reconcile(config, command.isDryRun)
  if (command.name === 'webhook') return webhook(config, command.verb, command.url)
  if (command.name === 'authorization-migrate') return migrateEngine(config)
  if (command.name === 'authorization-rebuild') return rebuildEngine(config, command.checks)

  await using tracing = command.name === 'serve' ? await openConfiguredTracing(setup.settings, given) : null
  const logger = await createLogger({ ...config.log, service: PRODUCT.service, version: VERSION, ...tracing })
  for (const warning of warnings) logger.warn(warning)
  if (command.name === 'replay') return replay(config, logger, command.since)
  if (command.name === 'serve') return await serve(setup, logger, tracing)
  return { migrate, seed }[command.name](config, logger)
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
