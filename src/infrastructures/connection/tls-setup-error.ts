import { reasonOf } from '../../patterns/reason.ts'
import { ServerSetupError } from './server-setup-error.ts'

/** Why a certificate is not accepted (Node.js documentation, "X509 certificate error codes"). */
const UNTRUSTED = [
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_UNTRUSTED', 'CERT_REJECTED'],
  ...[
    'CERT_SIGNATURE_FAILURE',
    'CERT_HAS_EXPIRED',
    'CERT_REVOKED',
    'CERT_CHAIN_TOO_LONG',
    'INVALID_CA',
    'INVALID_PURPOSE',
  ],
]
const HOST_MISMATCH = 'ERR_TLS_CERT_ALTNAME_INVALID'
const NO_TLS = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']

/** The error of a failed handshake if all later ones would fail, too; null for other failures. */
export function tlsSetupError(cause: unknown): ServerSetupError | null {
  if (!(cause instanceof Error) || !('code' in cause)) return null
  const code = String(cause.code)
  const [reason] = reasonOf(cause).split(';')
  const setupError = (message: string) => new ServerSetupError(message, '', { cause })

  if (UNTRUSTED.includes(code)) {
    return setupError(
      `the server's certificate is not trusted (${reason}): NODE_EXTRA_CA_CERTS names a file of authorities`,
    )
  }
  if (code === HOST_MISMATCH) return setupError(`the server's certificate is for another host (${reason})`)
  if (NO_TLS.includes(code)) return setupError('the server does not speak TLS on this port')
  return code.startsWith('ERR_SSL_') ? setupError(`the server refuses the TLS handshake (${reason})`) : null
}
