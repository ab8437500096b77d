import { randomUUID } from 'node:crypto'

const REQUEST_ID = /^[\w.-]{8,128}$/

/** The caller's own id where it is a sane one, so that traces join; else a new one. */
export const requestIdFrom = (given: unknown): string =>
  typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
