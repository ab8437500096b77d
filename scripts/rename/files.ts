import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signedAgain } from './captures.ts'
import { type Names, replacements } from './names.ts'

/** What is not of the product: what was installed, what was written while it ran, and what others wrote. */
const LEFT_ALONE = /^(?:\.git|node_modules|data|coverage|vendor|\.env|.*\.log)$/

/** The files of the product, by their paths from its root. */
export function filesBelow(root: string, folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_ALONE.test(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return filesBelow(root, path)
      return entry.isFile() ? [path] : []
    })
}

/** Writes the new name into all files, and into their own names. Gives the files that have changed. */
export function renameIn(root: string, old: Names, name: string): readonly string[] {
  return filesBelow(root).filter((path) => {
    const pairs = replacements(path, old, name)
    const replaced = (text: string) => pairs.reduce((so, [what, by]) => so.replace(what, by), text)
    const text = readFileSync(join(root, path), 'utf8')
    const [newText, newPath] = [text.includes('\0') ? text : signedAgain(path, replaced(text)), replaced(path)]
    if (newText !== text) writeFileSync(join(root, path), newText)
    if (newPath !== path) renameSync(join(root, path), join(root, newPath))
    return newText !== text || newPath !== path
  })
}
