import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signingKey } from './signing-key.ts'

/** A development issuer that runs on this machine. */
export type RunningIssuer = Readonly<{
  issuer: string
  audience: string
  /** Its address on this machine, which may differ from its public one. */
  localUrl: string
}>

const FOLDER = 'running-issuers'
const ANSWER_TIMEOUT_MS = 2_000

/**
 * Writes where an issuer runs that signs with the key of this directory: one file for each port, of the service that
 * listened there last. The file stays when the service ends, as a reader asks the issuer before it believes the file.
 */
export async function recordIssuer(dataDirectory: string, running: RunningIssuer): Promise<void> {
  const folder = join(dataDirectory, FOLDER)
  const file = join(folder, `${new URL(running.localUrl).port}.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${file}.${process.pid}`, JSON.stringify(running), { mode: 0o600 })
  await rename(`${file}.${process.pid}`, file)
}

/** The recorded issuers that answer now, and with the key of this directory. */
export async function runningIssuers(dataDirectory: string): Promise<readonly RunningIssuer[]> {
  const folder = join(dataDirectory, FOLDER)
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) return []
  const { kid } = await signingKey(dataDirectory)
  const found = await Promise.all(
    files.map(async (file) => {
      const running = await read(join(folder, file))
      return running !== null && (await signsWith(kid, running)) ? running : null
    }),
  )
  return found.filter((running) => running !== null)
}

async function read(file: string): Promise<RunningIssuer | null> {
  try {
    const { issuer, audience, localUrl } = JSON.parse(await readFile(file, 'utf8'))
    const isRecord = [issuer, audience, localUrl].every((value) => typeof value === 'string')
    return isRecord && URL.canParse(localUrl) ? { issuer, audience, localUrl } : null
  } catch {
    return null
  }
}

/** Another service may listen on the recorded port by now: its issuer has another key, or there is none. */
async function signsWith(kid: string, { localUrl }: RunningIssuer): Promise<boolean> {
  try {
    const answer = await fetch(`${localUrl}/jwks`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    const { keys } = (await answer.json()) as { keys: readonly { kid: string }[] }
    return keys.some((key) => key.kid === kid)
  } catch {
    return false
  }
}
