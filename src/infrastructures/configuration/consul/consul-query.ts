import { tlsSetupError } from '../../connection/tls-setup-error.ts'
import { NoSettings, type SettingValues, UnusableSource } from '../settings-source.ts'

export type ConsulPlace = Readonly<{
  /** `http://host:port` or `https://host:port`. */
  url: string
  /** The keys below it are names of settings. */
  prefix: string
  token: string | null
}>

type Answer = Readonly<{ values: SettingValues; index: number }>
type Entry = Readonly<{ Key: string; Value: string | null }>

/** The longest wait of a blocking query, and so the time after which a silent outage is noticed. */
const WAIT_S = 10
const TIMEOUT_MS = 3_000
const MAX_BYTES = 8 * 1024 * 1024

/**
 * Everything below the prefix: at once, or after a change since `index`, or when the waiting time is over.
 *
 * @throws {UnusableSource} when Consul gives nothing to this token, or the reason why there is no answer
 */
export async function queryConsul(place: ConsulPlace, index: number, stopped: AbortSignal): Promise<Answer> {
  const { url, prefix, token } = place
  const query = `?recurse=true${index === 0 ? '' : `&index=${index}&wait=${WAIT_S}s`}`
  // Consul adds up to a sixteenth of the waiting time.
  const timeoutMs = TIMEOUT_MS + (index === 0 ? 0 : WAIT_S * 1_000 * (1 + 1 / 16))
  const response = await fetch(`${url}/v1/kv/${prefix.split('/').map(encodeURIComponent).join('/')}/${query}`, {
    headers: token === null ? {} : { 'x-consul-token': token },
    redirect: 'error',
    signal: AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)]),
  }).catch(explain)
  await assertComplete(response, prefix)

  return { values: valuesOf(entriesOf(await textOf(response)), prefix), index: indexOf(response) }
}

function explain(error: unknown): never {
  const { name, cause = error } = error as Error
  if (name === 'TimeoutError') throw new Error('Consul does not answer in time')
  const setupError = tlsSetupError(cause)
  throw setupError === null ? cause : new UnusableSource(setupError.message)
}

/** Consul hides keys that a token may not read: an empty result may mean that all are hidden. */
async function assertComplete(response: Response, prefix: string): Promise<void> {
  const { status, headers } = response
  const isFiltered = headers.get('x-consul-results-filtered-by-acls') === 'true'
  if (status === 200 && !isFiltered) return
  await response.body?.cancel()
  if (status === 403) throw new UnusableSource('Consul refuses the token (CONFIG_TOKEN)')
  if (isFiltered) throw new UnusableSource(`the token (CONFIG_TOKEN) may not read all keys below ${prefix}/`)
  if (status === 404 && headers.has('x-consul-index')) {
    throw new NoSettings(`no key is below ${prefix}/, or the token (CONFIG_TOKEN) may not read any`)
  }
  throw new Error(`Consul answers ${status}`)
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) throw new Error('the answer is too long to be from Consul')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function entriesOf(text: string): readonly Entry[] {
  try {
    const entries: readonly Entry[] = JSON.parse(text)
    if (entries.every(({ Key, Value }) => typeof Key === 'string' && typeof (Value ?? '') === 'string')) return entries
  } catch {}
  throw new Error('what answers is not Consul')
}

/** A key that ends with a slash is a folder. */
const valuesOf = (entries: readonly Entry[], prefix: string): SettingValues =>
  Object.fromEntries(
    entries
      .filter(({ Key }) => !Key.endsWith('/'))
      .map(({ Key, Value }) => [Key.slice(prefix.length + 1), Buffer.from(Value ?? '', 'base64').toString()]),
  )

/** Without an index (0) the next query does not block. */
function indexOf({ headers }: Response): number {
  const index = Number(headers.get('x-consul-index'))
  return Number.isSafeInteger(index) && index > 0 ? index : 0
}
