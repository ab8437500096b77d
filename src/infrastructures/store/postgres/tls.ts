import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { Parameters } from './url-parameters.ts'

/** A way to connect: without TLS, or with it. */
export type SslOption = false | ConnectionOptions

/**
 * The ways that `sslmode` allows, in the order in which libpq tries them. `require` does not verify anything unless
 * `sslrootcert` is named. Without `sslmode`, it connects without TLS, and with TLS if the server insists.
 *
 * @throws {Error} when a file cannot be read
 */
export function sslOptionsOf(parameters: Parameters): readonly SslOption[] {
  const { sslmode = parameters['ssl'] === 'true' ? 'require' : 'allow' } = parameters
  switch (sslmode) {
    case 'disable':
      return [false]
    case 'allow':
      return [false, tls(parameters, 'none')]
    case 'prefer':
      return [tls(parameters, 'none'), false]
    case 'verify-full':
      return [tls(parameters, 'name')]
    case 'verify-ca':
      return [tls(parameters, 'chain')]
    default:
      return [tls(parameters, sslmode === 'require' && parameters['sslrootcert'] !== undefined ? 'chain' : 'none')]
  }
}

function tls(parameters: Parameters, verified: 'none' | 'chain' | 'name'): ConnectionOptions {
  const { sslrootcert, sslcert, sslkey, sslpassword } = parameters
  return {
    rejectUnauthorized: verified !== 'none',
    ...(verified === 'name' ? {} : { checkServerIdentity: () => undefined }),
    ...(sslrootcert === undefined || sslrootcert === 'system' ? {} : { ca: read('sslrootcert', sslrootcert) }),
    ...(sslcert === undefined ? {} : { cert: read('sslcert', sslcert) }),
    ...(sslkey === undefined ? {} : { key: read('sslkey', sslkey) }),
    ...(sslpassword === undefined ? {} : { passphrase: sslpassword }),
  }
}

/** A file that a parameter names cannot be read. */
export class UnreadableFile extends Error {}

function read(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UnreadableFile(`${parameter} ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause })
  }
}
