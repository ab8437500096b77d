import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseCommandLine } from '../../src/main/command-line.ts'
import type { Page } from './documentation.ts'

const ROOT = new URL('../../', import.meta.url)
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(textOf('package.json')).scripts
const TARGETS = [...textOf('Makefile').matchAll(/^([a-z]+):/gm)].map(([, target]) => target)
const TESTS = globSync('tests/**/*.test.ts', { cwd: fileURLToPath(ROOT) })

/** Commands of npm itself, and those that stand for a script of the same name. */
const OF_NPM = ['ci', 'install']
const SHORT = ['start', 'test']

/** What readers put in the place of a `<name>`. */
const EXAMPLES: Readonly<Record<string, string>> = { username: 'alice', time: '2026-11-22T12:00:00Z' }

/** Commands in sentences and tables, as code, that would fail because of their name or their arguments. */
export const wrongCommands = ({ text }: Page): readonly string[] =>
  inlineCommands(text).filter((command) => variantsOf(command).some((variant) => !isRight(variant)))

/** Code outside of blocks that begins as a command does, with or without variables before it; one for each `&&`. */
const inlineCommands = (text: string): readonly string[] =>
  [...text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`]+)`/g)]
    .flatMap(([, code = '']) => code.split('&&'))
    .map((code) => code.trim().replaceAll(/\s+/g, ' '))
    .map((code) => code.replace(/^(?:[A-Z_]+=\S+ )+/, ''))
    .filter((code) => /^(?:npm|make|node) [^…]+$/.test(code))

/** With what is in brackets and without it, and with each of several `a|b`. */
function variantsOf(command: string): readonly string[] {
  const plain = command.replaceAll('\\|', '|').replaceAll(/<(?:\S+ )?(\w+)>/g, (_, name) => EXAMPLES[name] ?? 'x')
  return [plain.replaceAll(/\[.*?\]/g, ''), plain.replaceAll(/[[\]]/g, '')].flatMap(alternativesOf)
}

function alternativesOf(command: string): readonly string[] {
  const [choice] = command.match(/[\w-]+(?:\|[\w-]+)+/) ?? []
  return choice === undefined ? [command] : choice.split('|').map((one) => command.replace(choice, one))
}

function isRight(command: string): boolean {
  const [program, ...args] = command.match(/'[^']*'|\S+/g) ?? []
  if (program === 'make') return args.every((target) => TARGETS.includes(target))
  if (program === 'node')
    return args.filter((arg) => /\.[jt]s$/.test(arg)).every((file) => existsSync(new URL(file, ROOT)))

  const [first = '', ...rest] = args
  if (OF_NPM.includes(first)) return true
  if (SHORT.includes(first)) return isRightScript(first, rest)
  const [name = '', ...more] = rest.filter((word, index) => index > 0 || word !== '--silent')
  return first === 'run' && isRightScript(name, more)
}

/** npm takes flags itself unless they follow `--`. A sentence may name a command without its arguments. */
function isRightScript(name: string, words: readonly string[]): boolean {
  const script = SCRIPTS[name]
  if (script === undefined) return false
  const [separator = '--', ...args] = words
  if (separator !== '--') return false
  if (name === 'test' || name === 'test:chaos') return args.every((part) => part.startsWith('-') || isOfTests(part))
  const [, command] = /src\/main\.ts (\S+)$/.exec(script) ?? []
  return command === undefined || args.length === 0 || isParsed([command, ...args])
}

const isOfTests = (part: string): boolean => TESTS.some((file) => file.includes(part))

function isParsed(args: readonly string[]): boolean {
  try {
    parseCommandLine(args)
    return true
  } catch {
    return false
  }
}
