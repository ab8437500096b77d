/**
 * What `npm run rename` runs: gives the product another name everywhere.
 *   node scripts/rename.ts <name>
 * What reads its name from src/patterns/product.ts follows that file; what cannot is changed here. The words of the
 * sample stay: they go when its modules do.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRODUCT } from '../src/patterns/product.ts'
import { renameIn } from './rename/files.ts'
import { troubleWith } from './rename/names.ts'

const USAGE = `Usage: npm run rename -- <name>

  <name>   2 to 40 lower-case letters, digits and single hyphens; it begins with a letter`

const root = join(import.meta.dirname, '..')
const [name = '', ...more] = process.argv.slice(2)
const packageName: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name
const trouble = more.length > 0 ? 'it takes one name' : troubleWith(name, { root, product: PRODUCT })

if (trouble !== null) {
  console.error(`rename: ${trouble}\n\n${USAGE}`)
  process.exit(2)
}

const changed = renameIn(root, { packageName, ...PRODUCT }, name)
console.log(`${packageName} is called ${name} now: ${changed.length} files have changed.`)
format()
console.log(
  'Run `npm run check` and `npm test`, read `git diff`, and tell its users: its default audience, topics, keys in',
)
console.log('Redis, metrics and the default database file in ./data have the new name too.')

/** Another length of the name is another place for line breaks. */
function format(): void {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  if (!existsSync(biome)) {
    console.log('Run `npm ci` and `npm run format` first, as line breaks have moved.')
    return
  }
  const args = [biome, 'check', '--write', '--log-level=error']
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The files could not be formatted:\n${stderr}`)
}
