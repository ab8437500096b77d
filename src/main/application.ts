import { setTimeout as sleep } from 'node:timers/promises'
import { processMetrics } from '../controllers/health/process-metrics.ts'
import { DependencyUnavailable } from '../domains/errors/dependency-errors.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import type { Monitoring } from '../patterns/monitoring.ts'
import { retry } from '../patterns/retry.ts'
import type { Tracer } from '../patterns/tracing.ts'
import type { Config } from './config.ts'
import { type Container, createContainer } from './container.ts'
import { recordDevelopmentIssuer } from './development.ts'
import { whenListening } from './listen-error.ts'
import type { SettingsInUse } from './settings/settings.ts'

/** The start waits for the database for about half a minute in all. */
const START_RETRIES = { attempts: 10, minBackoffMs: 100, sleep: (ms: number) => sleep(ms), random: Math.random }

/** Connections that the kernel completes before they are accepted, at most net.core.somaxconn: 511 is too few for a burst. */
const LISTEN_BACKLOG = 4_096

/** Why it stops, and how long it still accepts requests until load balancers notice. */
export type Stop = Readonly<{ reason: string; delayMs: number }>

type Needs = Readonly<{
  settings: SettingsInUse
  logger: Logger
  tracer: Tracer | null
  stop: Promise<Stop>
  onServing: (monitoring: Monitoring) => void
  onStopping: (reason: string) => void
}>

/** Answers requests until it is stopped, then ends what it has begun. */
export async function runApplication({ settings, logger, tracer, stop, onServing, onStopping }: Needs): Promise<void> {
  const started = await Promise.race([
    whenDatabaseAnswers(logger, () => createContainer(settings, logger, tracer)),
    stop,
  ])
  if ('reason' in started) return exitDuringStartup(logger, started.reason)

  await using application = started
  const { checks, metrics } = application
  const { config } = settings
  await listen(application, config)
  await recordDevelopmentIssuer(config)
  onServing({ checks, metrics: [...processMetrics(), ...metrics] })

  const { reason, delayMs } = await stop
  onStopping(reason)
  application.http.disableKeepAlive()
  application.grpc.announceShutdown()
  await sleep(delayMs)
  forceExitAfter(config.shutdown.timeoutMs, logger)
}

/** @throws {ListenError} */
async function listen({ http, grpc }: Container, { grpcPort, http: { host, port } }: Config): Promise<void> {
  await whenListening(http.listen({ host, port, backlog: LISTEN_BACKLOG }), { setting: 'HTTP_PORT', host, port })
  if (grpcPort === null) return
  const address = { host, port: grpcPort, backlog: LISTEN_BACKLOG }
  await whenListening(grpc.listen(address), { setting: 'GRPC_PORT', ...address })
}

/** Retries a task of the start while the database does not answer. Logs each new cause once, and says when it gives up. */
export async function whenDatabaseAnswers<Result>(logger: Logger, task: () => Promise<Result>): Promise<Result> {
  let logged = ''

  function isTransient(error: unknown): boolean {
    if (!(error instanceof DependencyUnavailable)) return false
    const message = causeOf(error)
    if (message !== logged) logger.warn(`waiting for ${message}`)
    logged = message
    return true
  }

  return retry(task, isTransient, START_RETRIES).catch((error: unknown) => {
    if (!(error instanceof DependencyUnavailable)) throw error
    const cause = new Error(`${causeOf(error)}; gave up after ${START_RETRIES.attempts} attempts`, { cause: error })
    throw new DependencyUnavailable('database', { cause })
  })
}

const causeOf = (error: DependencyUnavailable): string => (error.cause instanceof Error ? error.cause : error).message

/** Exits at once: no write was acknowledged yet, and an interrupted migration is rolled back, or continued later. */
export function exitDuringStartup(logger: Logger, reason: string): never {
  logger.info(`stopped by ${reason} while starting`)
  process.exit(0)
}

/** Exits although some requests are not answered yet. */
function forceExitAfter(milliseconds: number, logger: Logger): void {
  setTimeout(() => {
    logger.error('requests took longer than SHUTDOWN_TIMEOUT and were cut off')
    process.exit(1)
  }, milliseconds).unref()
}
