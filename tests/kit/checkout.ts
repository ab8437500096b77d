import { readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { freshDirectory } from './command.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What a clone does not have. */
const OWN = ['.git', '.env', 'data']

/** A directory that looks like a clone of the project after `npm ci`, with a `.env` and a `data` of its own: links to all the rest. */
export async function openCheckout() {
  const place = await freshDirectory()
  const names = readdirSync(ROOT).filter((name) => !OWN.includes(name))
  for (const name of names) symlinkSync(join(ROOT, name), join(place.directory, name))
  return place
}
