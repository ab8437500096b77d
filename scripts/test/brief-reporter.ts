/** What `npm test` shows of thousands of tests: how far it is, what has failed and why, and which files took longest. */
import { relative, resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect, styleText } from 'node:util'

const SLOWEST = 5
const MAX_OUTPUT = 10_000
const { isTTY = false } = process.stdout

/** Without a terminal, so many lines tell of the progress. */
const STEPS = 20

type Failure = Readonly<{ name: string; file: string; error: unknown }>
type Finished = Readonly<{ file: string; seconds: number }>

export default async function* briefly(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const total = Number(process.env['TEST_FILES'] ?? 0)
  const startedAt = performance.now()
  const failures: Failure[] = []
  const finished: Finished[] = []
  const names = new Map<string, string[]>()
  const outputs = new Map<string, string>()

  for await (const { type, data } of events) {
    switch (type) {
      case 'test:start': {
        const path = (names.get(fileOf(data)) ?? []).slice(0, data.nesting)
        names.set(fileOf(data), [...path, data.name])
        break
      }
      case 'test:stdout':
      case 'test:stderr':
        outputs.set(fileOf(data), ((outputs.get(fileOf(data)) ?? '') + data.message).slice(-MAX_OUTPUT))
        break
      case 'test:fail': {
        if ('failureType' in data.details.error && data.details.error.failureType === 'subtestsFailed') break
        const path = (names.get(fileOf(data)) ?? []).slice(0, data.nesting)
        const failure = { name: [...path, data.name].join(' › '), file: fileOf(data), error: data.details.error }
        failures.push(failure)
        yield `${clear()}${styleText('red', '✖')} ${failure.name}\n`
        break
      }
      case 'test:summary':
        if (data.file === undefined) {
          yield clear() + failures.map((failure) => describe(failure, outputs)).join('')
          yield verdict(data.counts, failures.length, `${finished.length} files in ${secondsSince(startedAt)} s`)
          yield slowest(finished)
        } else {
          finished.push({ file: data.file, seconds: data.duration_ms / 1_000 })
          yield progress(finished.length, total, failures.length)
        }
    }
  }
}

const fileOf = ({ file }: Readonly<{ file?: string | undefined }>): string => resolve(file ?? '')
const shown = (file: string): string => relative(process.cwd(), file).replaceAll('\\', '/')

/** On a terminal, one line that is written again and again. */
const clear = (): string => (isTTY ? '\r\u001b[K' : '')

function progress(done: number, total: number, failed: number): string {
  const line = `${done} of ${total} files${failed === 0 ? '' : `, ${failed} failed`}`
  if (isTTY) return clear() + line
  const isStep = Math.floor((done * STEPS) / total) > Math.floor(((done - 1) * STEPS) / total)
  return isStep ? `${line}\n` : ''
}

/** What a file wrote is shown with the first of its failures. */
function describe({ name, file, error }: Failure, outputs: Map<string, string>): string {
  const output = outputs.get(file) ?? ''
  outputs.delete(file)
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const head = `\n${styleText('red', '✖')} ${name}\n  ${shown(file)}\n`
  return `${head}${indented(inspect(cause))}${output === '' ? '' : `  what the file wrote:\n${indented(output)}`}`
}

const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, '  ').concat('\n')

const secondsSince = (start: number): string => ((performance.now() - start) / 1_000).toFixed(0)

type Counts = Readonly<{ passed: number; skipped: number }>

function verdict({ passed, skipped }: Counts, failed: number, of: string): string {
  const parts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), `${skipped} skipped`]
  const text = `\n${parts.join(', ')}: ${of}\n`
  return failed > 0 ? styleText('red', text) : text
}

function slowest(finished: readonly Finished[]): string {
  const lines = finished
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, SLOWEST)
    .map(({ file, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${shown(file)}\n`)
  return `\nslowest files\n${lines.join('')}`
}
