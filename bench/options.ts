import { parseArgs } from 'node:util'

const USAGE = `Usage: npm run bench -- [growth|transports|workers|relay] [options]

  --rounds N          rounds after the warm-up round (5)
  --seconds N         seconds of each measurement (3)
  --only a,b          these candidates, and this service (those that need no server but PostgreSQL)
  --all               all candidates: this service on every store and over every queue, too
  --scenarios x,y     scenarios whose names contain one of these
  --rows N            posts (1000000)
  --full              growth: up to ten million rows; else: twice the rounds
  --compare           compare the answers, of all candidates without --only, and stop`

export type Options = ReturnType<typeof parse>

/** The options of the command line; unknown options end the process with the usage. */
export function readOptions(words: readonly string[]): Options {
  try {
    return parse(words)
  } catch {
    return wrongUsage(USAGE)
  }
}

export function wrongUsage(message: string): never {
  console.error(message)
  process.exit(2)
}

/** Benches other than that of all candidates. */
const COMMANDS = ['growth', 'transports', 'workers', 'relay'] as const

const isCommand = (word: string | null): word is (typeof COMMANDS)[number] | null =>
  word === null || (COMMANDS as readonly string[]).includes(word)

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      rounds: text,
      seconds: text,
      only: text,
      scenarios: text,
      rows: text,
      full: flag,
      compare: flag,
      all: flag,
    },
  })
  const [command = null, ...others] = positionals
  if (!isCommand(command) || others.length > 0) throw new Error(USAGE)

  const listIn = (value: string | undefined) => value?.split(',').map((name) => name.trim()) ?? null
  return {
    command,
    rounds: number(values.rounds, values.full && positionals.length === 0 ? 10 : 5),
    seconds: number(values.seconds, 3),
    rows: number(values.rows, 1_000_000),
    only: listIn(values.only),
    scenarios: listIn(values.scenarios),
    all: values.all || values.compare,
    full: values.full,
    compareOnly: values.compare,
  }
}

function number(text: string | undefined, unset: number): number {
  const value = text === undefined ? unset : Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(USAGE)
  return value
}
