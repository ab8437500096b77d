/**
 * The issuer does not answer, or not as it must. The message contains no address and nothing from the issuer, so that
 * it may be public; the cause is only for the log.
 */
export class UnusableIssuer extends Error {}

/** It publishes no key for signatures: earlier keys are invalid, too. */
export class NoKeys extends UnusableIssuer {}

const DNS_ERRORS = new Set(['ENOTFOUND', 'EAI_AGAIN'])
const TIMEOUT_ERRORS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])
const CERTIFICATE_ERRORS = /CERT|SELF_SIGNED|UNABLE_TO_/

/** What a failure to ask the issuer means. */
export function toUnusableIssuer(failure: unknown): UnusableIssuer {
  if (failure instanceof UnusableIssuer) return failure
  return new UnusableIssuer(meaningOf(failure), { cause: failure })
}

function meaningOf(failure: unknown): string {
  if (failure instanceof SyntaxError) return 'The issuer answered with no JSON.'
  const { name, code = '' } = (failure instanceof Error && failure.cause ? failure.cause : failure) as {
    name?: string
    code?: string
  }
  if (name === 'TimeoutError' || TIMEOUT_ERRORS.has(code)) return 'The issuer did not answer in time.'
  if (DNS_ERRORS.has(code)) return 'The host name of the issuer cannot be resolved.'
  if (CERTIFICATE_ERRORS.test(code)) return 'The TLS certificate of the issuer is not trusted.'
  return 'The issuer cannot be reached.'
}
