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
import { readConfig } from './config.ts'
import { ListenError } from './listen-error.ts'
import { misspeltIn, watchReads } from './misspelt.ts'
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
  const environment = watchReads(readEnvironment(variables, '.env'))
  const config = readConfig(environment.variables, process.stdout.isTTY)
  if (command.name === 'token') return token(config, command.username, command.roles)
  if (command.name === 'reconcile') return reconcile(config, command.isDryRun)
  if (command.name === 'webhook') return webhook(config, command.verb, command.url)
  if (command.name === 'authorization-migrate') return migrateEngine(config)
  if (command.name === 'authorization-rebuild') return rebuildEngine(config, command.checks)

  await using tracing = command.name === 'serve' ? await openConfiguredTracing(config, environment.variables) : null
  const logger = await createLogger({ ...config.log, service: PRODUCT.service, version: VERSION, ...tracing })
  for (const { name, meant } of misspeltIn(environment)) logger.warn(`${name} is no setting: is ${meant} meant?`)
  if (command.name === 'replay') return replay(config, logger, command.since)
  if (command.name === 'serve') return await serve(config, logger, tracing)
  return { migrate, seed }[command.name](config, logger)
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`
  if (error instanceof ConfigurationError) return error.message
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

/** What is plugged in is there, but is not what the service needs. */
const isStartupError = (error: unknown): error is SchemaMismatch | ServerSetupError =>
  error instanceof SchemaMismatch || error instanceof ServerSetupError
