import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHealthServer } from '../../controllers/health/health-server.ts'
import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { retry } from '../../patterns/retry.ts'
import type { Checks, Metric } from '../../patterns/vital-signs.ts'
import { listening } from '../cannot-listen.ts'
import type { Config } from '../config.ts'
import { createContainer } from '../container.ts'
import { describe } from '../description.ts'
import { ignoreOtherSignals, stopSignal } from '../stop-signals.ts'
import { VERSION } from '../version.ts'

/** What the database is waited for at the start: about half a minute in all. */
const PATIENCE = { attempts: 10, firstPauseMs: 100, sleep: (ms: number) => sleep(ms), random: Math.random }

/** Connections that the kernel completes before they are accepted, at most net.core.somaxconn: 511 is too few for a burst. */
const LISTEN_BACKLOG = 4_096

/** Runs the service until it is told to stop, then lets it finish what it has begun. */
export async function serve(config: Config, logger: Logger): Promise<void> {
  const stop = stopSignal()
  ignoreOtherSignals(logger)
  const {
    grpcPort,
    http: { host, port },
  } = config
  const state = { isServing: false, checks: {} as Checks, metrics: [] as readonly Metric[] }

  await using open = new AsyncDisposableStack()
  const health = createHealthServer({
    version: VERSION,
    isServing: () => state.isServing,
    checks: () => state.checks,
    metrics: () => state.metrics,
  })
  open.adopt(health, closeServer)
  health.listen(config.healthPort, host)
  await listening(once(health, 'listening'), { setting: 'HEALTH_PORT', host, port: config.healthPort })

  const starting = retry(() => createContainer(config, logger), waitingAloud(logger), PATIENCE)
  const started = await Promise.race([starting, stop])
  if (typeof started === 'string') return endAtOnce(logger, started)

  open.use(started)
  const { checks, metrics } = started
  Object.assign(state, { checks, metrics })
  await listening(started.http.listen({ host, port, backlog: LISTEN_BACKLOG }), { setting: 'HTTP_PORT', host, port })
  if (grpcPort !== null) {
    const address = { host, port: grpcPort, backlog: LISTEN_BACKLOG }
    await listening(started.grpc.listen(address), { setting: 'GRPC_PORT', ...address })
  }
  state.isServing = true
  for (const line of describe(config)) logger.info(line)

  logger.info(`stopping on ${await stop}`)
  state.isServing = false
  started.http.disableKeepAlive()
  started.grpc.announceShutdown()
  await sleep(config.shutdown.delayMs)
  cutAfter(config.shutdown.timeoutMs, logger)
}

/** Tells what may heal from what may not, and says at once what is waited for, and again when that is another cause. */
function waitingAloud(logger: Logger): (error: unknown) => boolean {
  let said = ''
  return (error) => {
    if (!(error instanceof DependencyUnavailable)) return false
    const { message } = error.cause instanceof Error ? error.cause : error
    if (message !== said) logger.warn(`waiting for ${message}`)
    said = message
    return true
  }
}

/** Nothing was acknowledged yet, and a migration that is cut off keeps nothing: there is nothing to wait for. */
function endAtOnce(logger: Logger, signal: string): never {
  logger.info(`stopped by ${signal} while starting`)
  process.exit(0)
}

/** Ends the process although requests are not answered yet. */
function cutAfter(milliseconds: number, logger: Logger): void {
  setTimeout(() => {
    logger.error('requests took longer than SHUTDOWN_TIMEOUT and were cut off')
    process.exit(1)
  }, milliseconds).unref()
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
