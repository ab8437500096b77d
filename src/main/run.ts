import { DependencyUnavailable } from '../domains/errors/dependency-errors.ts'
import { QueueRefused } from '../infrastructures/message-queue/queue-refused.ts'
import { SchemaMismatch } from '../infrastructures/store/schema-mismatch.ts'
import { StoreRefused } from '../infrastructures/store/store-refused.ts'
import { createLogger } from '../infrastructures/telemetry/logger.ts'
import { parseCommandLine, USAGE } from './command-line.ts'
import { migrate } from './commands/migrate.ts'
import { replay } from './commands/replay.ts'
import { seed } from './commands/seed.ts'
import { serve } from './commands/serve.ts'
import { token } from './commands/token.ts'
import { readConfig } from './config.ts'
import { BadConfiguration, readEnvironment, type Variables } from './environment.ts'
import { VERSION } from './version.ts'
import { WrongUsage } from './wrong-usage.ts'

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
  const config = readConfig(readEnvironment(variables, '.env'), process.stdout.isTTY)
  if (command.name === 'token') return token(config, command.username, command.roles)

  const logger = await createLogger({ ...config.log, service: 'forum', version: VERSION })
  if (command.name === 'replay') return replay(config, logger, command.since)
  return { serve, migrate, seed }[command.name](config, logger)
}

function explain(error: unknown): string {
  if (error instanceof WrongUsage) return `${error.message}\n\n${USAGE}`
  if (error instanceof BadConfiguration) return error.message
  if (error instanceof StoreRefused) return error.message
  if (isMisfit(error)) return `${error.message}\n${error.hint}`
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
const isMisfit = (error: unknown): error is SchemaMismatch | QueueRefused =>
  error instanceof SchemaMismatch || error instanceof QueueRefused
