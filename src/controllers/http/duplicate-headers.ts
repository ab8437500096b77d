import type { IncomingMessage } from 'node:http'

/** Node.js keeps the first of several; who sends more than one may have a proxy believe in another. */
export function isDuplicated(name: string, { rawHeaders }: IncomingMessage): boolean {
  let found = 0
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) found++
  return found > 1
}
