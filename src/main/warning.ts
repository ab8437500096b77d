import type { Logger } from '../infrastructures/telemetry/logger.ts'

/** Tells of a failure that the service goes on after: nothing of it but its message, under a text that says what it means. */
export const warning =
  (logger: Logger, text: string) =>
  (error: unknown): void =>
    logger.warn({ 'error.message': error instanceof Error ? error.message : 'unknown' }, text)
