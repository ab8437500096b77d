import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { NODE_FLAGS } from '../tests/kit/node-flags.ts'
import type { EngineName } from './engine.ts'

/** A service that is measured: how the bench builds it, and the command that becomes its only process. */
export type Candidate = Readonly<{
  name: string
  store: 'postgres' | 'mariadb' | 'mysql' | 'mongodb' | 'sqlite'
  /** Programs that must be on the machine. */
  needs: readonly string[]
  /** Installs and builds what is missing. */
  prepare?: () => void
  command: readonly string[]
  /** The engine that it needs besides the database; both as scripts/engines calls them. */
  queue?: 'nats' | 'rabbitmq' | 'kafka'
  /** Settings that only it has. */
  environment?: Readonly<Record<string, string>>
  /** Where it runs, unless on the core of all candidates. */
  cores?: string
}>

const NODE = process.execPath
/** As `npm start` and the image start it. */
const OURS = [NODE, ...NODE_FLAGS, 'src/main.ts']
/** Like the other candidates: events are stored with their changes and not published. No server listens at this address. */
const KEEPING = { CACHE_URL: 'none:', QUEUE_URL: 'nats://127.0.0.1:9' }
/** The same process also publishes and consumes its events under load. */
const PUBLISHING = { CACHE_URL: 'none:', QUEUE_URL: 'memory:' }
const FOLDER = 'bench/candidates'
const environment = join(tmpdir(), 'forum-bench-python')
const binary = join(tmpdir(), 'forum-bench-go-chi')

const postgres = { store: 'postgres', needs: [] } as const

export const CANDIDATES: readonly Candidate[] = [
  { ...postgres, name: 'limit', command: [NODE, `${FOLDER}/limit/main.ts`] },
  { ...postgres, name: 'bare', command: [NODE, `${FOLDER}/bare/main.ts`] },
  { ...postgres, name: 'ours', command: OURS, environment: KEEPING },
  { ...postgres, name: 'ours, publishing', command: OURS, environment: PUBLISHING },
  { ...postgres, name: 'ours + NATS', queue: 'nats', command: OURS, environment: PUBLISHING },
  { ...postgres, name: 'ours + RabbitMQ', queue: 'rabbitmq', command: OURS, environment: PUBLISHING },
  { ...postgres, name: 'ours + Kafka', queue: 'kafka', command: OURS, environment: PUBLISHING },
  { ...postgres, name: 'ours on SQLite', store: 'sqlite', command: OURS, environment: KEEPING },
  { ...postgres, name: 'ours on MariaDB', store: 'mariadb', command: OURS, environment: KEEPING },
  { ...postgres, name: 'ours on MySQL', store: 'mysql', command: OURS, environment: KEEPING },
  { ...postgres, name: 'ours on MongoDB', store: 'mongodb', command: OURS, environment: KEEPING },
  withPackages('fastify-drizzle', 'main.ts'),
  withPackages('express-knex', 'main.ts'),
  withPackages('nest-typeorm', 'dist/main.js'),
  withPackages('nest-prisma', 'dist/main.js'),
  {
    ...postgres,
    name: 'fastapi-sqlalchemy',
    needs: ['python3'],
    prepare() {
      const packages = `${FOLDER}/fastapi-sqlalchemy/requirements.txt`
      if (isNewer(`${environment}/bin/uvicorn`, packages)) return
      run('python3', ['-m', 'venv', environment])
      run(`${environment}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', '-r', packages])
    },
    command: [`${environment}/bin/python`, `${FOLDER}/fastapi-sqlalchemy/main.py`],
  },
  {
    ...postgres,
    name: 'go-chi',
    needs: ['go'],
    prepare: () => run('go', ['build', '-o', binary, '.'], `${FOLDER}/go-chi`),
    command: [binary],
  },
]

/** The servers that a candidate needs. */
export const enginesOf = ({ store, queue }: Candidate): readonly EngineName[] => [
  ...(store === 'sqlite' ? [] : [store]),
  ...(queue === undefined ? [] : [queue]),
]

/** A candidate on Node.js with packages of its own; they are no dependencies of the service. */
function withPackages(name: string, entry: string): Candidate {
  const folder = `${FOLDER}/${name}`
  return {
    ...postgres,
    name,
    needs: ['npm'],
    prepare() {
      const isInstalled = isNewer(`${folder}/node_modules/.package-lock.json`, `${folder}/package-lock.json`)
      if (!isInstalled) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], folder)
      run('npm', ['run', '--if-present', '--silent', 'build'], folder)
    },
    command: [NODE, `${folder}/${entry}`],
  }
}

/** Whether `made` exists and is not older than its source. */
function isNewer(made: string, source: string): boolean {
  const [one, other] = [made, source].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return one !== undefined && other !== undefined && one > 0 && one >= other
}

function run(program: string, words: readonly string[], cwd = '.'): void {
  const { NODE_ENV: _, PATH = '', ...env } = process.env
  const own = `${dirname(NODE)}${delimiter}${PATH}`
  execFileSync(program, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...env, PATH: own } })
}
