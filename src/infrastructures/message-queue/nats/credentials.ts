import { readFile } from 'node:fs/promises'
import { type Authenticator, credsAuthenticator } from '@nats-io/transport-node'
import { QueueSetupError } from '../queue-options.ts'

/**
 * The JWT and the seed of a user from a file such as `nsc` writes. It is read for each connection, so an operator may replace it
 * while the service runs.
 *
 * @throws {QueueSetupError} with the name of the file, never its content
 */
export async function authenticatorFrom(file: string): Promise<Authenticator> {
  const contents = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new QueueSetupError(`the file of creds, ${file}, cannot be read: ${cause.code}`, '', { cause })
  })
  const authenticator = credsAuthenticator(contents)
  try {
    authenticator('')
  } catch {
    throw new QueueSetupError(`the file of creds, ${file}, has no JWT and seed of a user`)
  }
  return authenticator
}
