import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SettingValues } from './settings-source.ts'

export type Snapshot = Readonly<{
  /** The values that were saved last for this source; null if there are none. */
  find: (source: string) => Promise<SettingValues | null>
  save: (source: string, values: SettingValues) => Promise<void>
}>

/** The last good settings of a source, in a file that only this user may read. A power cut leaves the old ones or the new. */
export function settingsSnapshot(file: string): Snapshot {
  let saving: Promise<unknown> = Promise.resolve()

  async function write(content: string): Promise<void> {
    const temporary = `${file}.${process.pid}`
    await mkdir(dirname(file), { recursive: true })
    await writeFile(temporary, content, { mode: 0o600, flush: true })
    await rename(temporary, file)
  }

  return {
    async find(source) {
      try {
        const kept = JSON.parse(await readFile(file, 'utf8'))
        return kept.source === source ? kept.values : null
      } catch {
        return null
      }
    },

    save(source, values) {
      const saved = saving.then(() => write(`${JSON.stringify({ source, values }, null, 2)}\n`))
      saving = saved.catch(() => {})
      return saved
    },
  }
}
