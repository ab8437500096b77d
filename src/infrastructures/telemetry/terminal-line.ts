import type { Logger } from 'pino'
import { reasonOf } from '../../patterns/reason.ts'
import { levelOf, type RequestSummary } from './request-line.ts'

const MAX_PATH_LENGTH = 120

/** Writes the line of a request for a terminal: `GET /v1/users/me 200 4.8 ms alice`. */
export function terminalLine(logger: Logger): (answered: RequestSummary) => void {
  return ({ method, route, url, status, milliseconds, username, failure }) => {
    const level = levelOf(route, status)
    if (!logger.isLevelEnabled(level)) return

    const words = [method, pathOf(url) || route, status, `${milliseconds.toFixed(1)} ms`, username]
    logger[level](
      words.filter((word) => word !== null).join(' ') + (failure instanceof Error ? why(failure, status) : ''),
    )
  }
}

/** Without the query, which may contain secrets, and without control characters. */
function pathOf(url: string): string {
  const path = (url.split('?', 1)[0] ?? '').replaceAll(/[^!-~]/g, '?')
  return path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}…` : path
}

function why(failure: Error, status: number): string {
  if (status < 500) return failure.message === '' ? '' : ` (${failure.message})`
  const cause = failure.cause instanceof Error ? failure.cause : failure
  return `\n${cause.stack ?? reasonOf(cause)}`
}
