/**
 * Writes the types of the gRPC interface, as proto/forum/v1/forum.proto says them, to src/controllers/grpc/generated.
 *   npm run grpc:types
 *   npm run check:grpc      says whether they are up to date
 */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const TARGET = 'src/controllers/grpc/generated'
const GENERATOR = join(ROOT, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js')

/** As src/controllers/grpc/definitions.ts loads the same files. */
const OPTIONS = ['--longs=Number', '--defaults', '--grpcLib=@grpc/grpc-js', '--importFileExtension=.ts']

function generate(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  const args = [...OPTIONS, '--includeDirs=proto', `--outDir=${directory}`, 'forum/v1/forum.proto']
  execFileSync(process.execPath, [GENERATOR, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  rmSync(join(directory, 'forum.ts')) // It maps names to clients; no code uses it.
}

/** The files below a directory, by their path in it. */
const filesIn = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    globSync('**/*.ts', { cwd: directory })
      .sort()
      .map((path) => [path, readFileSync(join(directory, path), 'utf8')]),
  )

function check(): void {
  const directory = mkdtempSync(join(tmpdir(), 'forum-types-'))
  generate(directory)
  const [fresh, kept] = [filesIn(directory), filesIn(join(ROOT, TARGET))]
  rmSync(directory, { recursive: true })
  const stale = [...new Set([...fresh.keys(), ...kept.keys()])].filter((path) => fresh.get(path) !== kept.get(path))
  for (const path of stale) console.error(`${TARGET}/${path} is not what the proto says: npm run grpc:types`)
  if (stale.length > 0) process.exitCode = 1
}

if (!existsSync(GENERATOR)) throw new Error('npm ci first')
if (process.argv.includes('--check')) check()
else generate(join(ROOT, TARGET))
