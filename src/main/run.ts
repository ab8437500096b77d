import { DependencyUnavailable } from '../domains/errors/dependency-errors.ts'
import { ServerRefused } from '../infrastructures/connection/server-refused.ts'
import { SchemaMismatch, StoreRefused } from '../infrastructures/store/store-errors.ts'
import { createLogger } from '../infrastructures/telemetry/logger.ts'
import { PRODUCT } from '../patterns/product.ts'
import { CannotListen } from './cannot-listen.ts'
import { parseCommandLine, USAGE, WrongUsage } from './command-line.ts'
import { Differs, migrateEngine, rebuildEngine } from './commands/authorization.ts'
import { migrate } from './commands/migrate.ts'
import { reconcile } from './commands/reconcile.ts'
import { replay } from './commands/replay.ts'
import { seed } from './commands/seed.ts'
import { serve } from './commands/serve.ts'
import { token } from './commands/token.ts'
import { webhook } from './commands/webhook.ts'
import { readConfig } from './config.ts'
import { BadConfiguration, readEnvironment, type Variables } from './environment.ts'
import { misspeltIn, watchReads } from './misspelt.ts'
import { VERSION } from './version.ts'

/** Runs one command and says how it ended: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration. */
export async function run(words: readonly string[], variables: Variables): Promise<number> {
  try {
    await execute(words, variables)
    return 0
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    return exitCodeOf(error)
  }
}

async function execute(words: readonly string[], variables: Variables): Promise<void> {
  const command = parseCommandLine(words)
  const environment = watchReads(readEnvironment(variables, '.env'))
  const config = readConfig(environment.variables, process.stdout.isTTY)
  if (command.name === 'token') return token(config, command.username, command.roles)
  if (command.name === 'reconcile') return reconcile(config, command.isDryRun)
  if (command.name === 'webhook') return webhook(config, command.verb, command.url)
  if (command.name === 'authorization-migrate') return migrateEngine(config)
  if (command.name === 'authorization-rebuild') return rebuildEngine(config, command.checks)

  const logger = await createLogger({ ...config.log, service: PRODUCT.service, version: VERSION })
  for (const { name, meant } of misspeltIn(environment)) logger.warn(`${name} is no setting: is ${meant} meant?`)
  if (command.name === 'replay') return replay(config, logger, command.since)
  return { serve, migrate, seed }[command.name](config, logger)
}

function explain(error: unknown): string {
  if (error instanceof WrongUsage) return `${error.message}\n\n${USAGE}`
  if (error instanceof BadConfiguration) return error.message
  if (isMisfit(error)) return [error.message, error.hint].filter(Boolean).join('\n')
  if (error instanceof CannotListen || error instanceof StoreRefused || error instanceof Differs) return error.message
  if (error instanceof DependencyUnavailable && error.cause instanceof Error) return error.cause.message
  return error instanceof Error ? [error.stack, causeOf(error)].filter(Boolean).join('\n') : String(error)
}

const causeOf = ({ cause }: Error): string | null => (cause instanceof Error ? `caused by ${cause.message}` : null)

function exitCodeOf(error: unknown): number {
  if (error instanceof WrongUsage) return 2
  if (error instanceof StoreRefused) return error.exitCode
  return error instanceof BadConfiguration || isMisfit(error) ? 78 : 1
}

/** What is plugged in is there, but is not what the service needs. */
const isMisfit = (error: unknown): error is SchemaMismatch | ServerRefused =>
  error instanceof SchemaMismatch || error instanceof ServerRefused
