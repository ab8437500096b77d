import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SettingsSource, type SettingValues, UnusableSource } from '../settings-source.ts'
import { parseSettingsFile } from './settings-file.ts'

/**
 * How often the whole file is read. Comparing contents detects each kind of change: a write in place, a replacement, other links
 * as in a ConfigMap, a network file system. File watchers and time stamps miss some of them.
 */
const READ_INTERVAL_MS = 200

/** A change is reported once the file has been stable for this time, so that a half-written file is not read. */
const SETTLE_MS = 100

type Read = (path: string) => Promise<Buffer>
type Reading = Readonly<{ bytes: Buffer } | { error: NodeJS.ErrnoException }>

/** Settings in a file. */
export function fileSource(path: string, read: Read = readFile): SettingsSource {
  const readOnce = () => toReading(read(path))

  return {
    read: async () => valuesOf(path, await readOnce()),
    watch({ onValues, onFailure }, stopped) {
      void followFile(readOnce, stopped, async (reading) => {
        await valuesOf(path, reading).then(onValues, onFailure)
      })
    },
  }
}

type ReadOnce = () => Promise<Reading>
type Report = (reading: Reading) => Promise<void>

async function followFile(readOnce: ReadOnce, stopped: AbortSignal, report: Report) {
  let last: Reading | null = null
  let reported: Reading | null = null
  while (!stopped.aborted) {
    const reading = await readOnce()
    if (isSame(reading, last) && !isSame(reading, reported)) {
      reported = reading
      await report(reading)
    }
    last = reading
    const delayMs = isSame(reading, reported) ? READ_INTERVAL_MS : SETTLE_MS
    await sleep(delayMs, undefined, { signal: stopped, ref: false }).catch(() => {})
  }
}

const toReading = (content: Promise<Buffer>): Promise<Reading> =>
  content.then(
    (bytes) => ({ bytes }),
    (error) => ({ error }),
  )

function isSame(one: Reading, other: Reading | null): boolean {
  if (other === null) return false
  if ('error' in one) return 'error' in other && one.error.code === other.error.code
  return 'bytes' in other && one.bytes.equals(other.bytes)
}

async function valuesOf(path: string, reading: Reading): Promise<SettingValues> {
  if ('bytes' in reading) return parseSettingsFile(path, reading.bytes)
  throw new UnusableSource(
    reading.error.code === 'ENOENT' ? 'the file is not there' : `the file cannot be read (${reading.error.code})`,
  )
}
