import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programs } from './engines.ts'

const FOLDER = join(import.meta.dirname, 'schemathesis')

type Fuzzing = Readonly<{
  /** Where the document is. */
  url: string
  token: string
  seed: number
  /** Cases of each operation and phase, at the most. */
  examples: number
}>

/** What came of a run: how many cases there were, and what Schemathesis has to say of them. */
export type Fuzzed = Readonly<{ hasFailed: boolean; cases: number; output: string }>

/** Sends what the document allows, and what it forbids, and judges the answers by the document. */
export async function fuzz({ url, token, seed, examples }: Fuzzing): Promise<Fuzzed> {
  const directory = await mkdtemp(join(tmpdir(), 'forum-schemathesis-'))
  const options = [`--seed=${seed}`, `--max-examples=${examples}`, `--header=Authorization: Bearer ${token}`]
  const child = spawn(
    programs.schemathesis ?? 'schemathesis',
    [`--config-file=${join(FOLDER, 'schemathesis.toml')}`, 'run', url, '--no-color', ...options],
    {
      cwd: directory,
      env: { ...process.env, SCHEMATHESIS_HOOKS: join(FOLDER, 'checks.py'), PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  try {
    await once(child, 'close')
  } finally {
    child.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
  return { hasFailed: child.exitCode !== 0, cases: Number(/(\d+) generated/.exec(output)?.[1] ?? 0), output }
}
