const MAX_DEPTH = 5
const MAX_CHARACTERS = 500

/** Why something failed: an error's message and those of its causes, in one line, without the credentials of a URL. */
export function reasonOf(error: unknown): string {
  const said = messagesOf(error, MAX_DEPTH).map(tidied)
  const distinct = said.filter((text, index) => !said.slice(0, index).some((earlier) => earlier.includes(text)))
  return distinct.map(withoutFullStop).join(': ').slice(0, MAX_CHARACTERS) || 'unknown'
}

/** Node.js reports the failures of several addresses as an AggregateError, whose own message is empty. */
function messagesOf(error: unknown, depth: number): readonly string[] {
  if (typeof error === 'string') return [error]
  if (!(error instanceof Error) || depth === 0) return []
  const all = error instanceof AggregateError ? error.errors.map((one) => messagesOf(one, depth - 1).join(': ')) : []
  const causes = messagesOf(error.cause, depth - 1)
  const own = error.message || [...new Set(all)].join('; ')
  return [own || (causes.length === 0 ? error.name : ''), ...causes].filter(Boolean)
}

/** Drops the end of a sentence before its cause. */
const withoutFullStop = (text: string, index: number, all: readonly string[]): string =>
  index < all.length - 1 ? text.replace(/\.$/, '') : text

/** Up to the last `@`, as a password may contain any other character. */
const CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)\S*@/gi

/** `407DA96F927F0000:error:0A00010B:SSL routines:a_function:wrong version number:../a/file.c:77:` */
const OPENSSL = /[\dA-F]{8,}:error:[\dA-F]+:[^:]*:[^:]*:([^:]+):[^:]*:\d+:\S*/g

const tidied = (text: string): string =>
  text.replace(OPENSSL, 'TLS: $1').replace(/\s+/g, ' ').replace(CREDENTIALS, '$1').trim()
