import { Conflict } from '../../../domains/errors/change-errors.ts'
import type { RecordedChange } from '../operation.ts'
import type { Bind, Dialect, Sql, Value } from './dialect.ts'

/** What the failures of a statement mean to the unit of work. */
export type FailureHandlers = Readonly<{
  /** The error if it affects no row; null if it need not affect one. */
  onGuardFailed: (() => Error) | null
  onForeignKey: () => Error
  onDuplicate: () => Error
}>

/** A statement of a transaction. */
export type Command = FailureHandlers & Readonly<{ text: string; values: readonly Value[] }>

/** A constant text, made once. */
export type Prepared<Input> = Readonly<{
  /** Text and values, as they are passed to a database. */
  with(input: Input): readonly [text: string, values: readonly Value[]]
  command(input: Input): Command
}>

/** The commands of a change, from statements that were prepared once. */
export type CommandsOf = (change: RecordedChange) => readonly Command[]

export const conflict = (): Error => new Conflict()

/** By default a statement need not affect a row, and its failures are conflicts with other transactions. */
const DEFAULT_HANDLERS: FailureHandlers = { onGuardFailed: null, onForeignKey: conflict, onDuplicate: conflict }

export function prepare<Input>(
  dialect: Dialect,
  sql: Sql<Input>,
  given: Partial<FailureHandlers> = {},
): Prepared<Input> {
  const { onGuardFailed, onForeignKey, onDuplicate } = { ...DEFAULT_HANDLERS, ...given }
  const bound = new Map<unknown, string>()
  const reads: ((input: Input) => Value)[] = []

  const bind: Bind<Input> = (what, type) => {
    const known = bound.get(what)
    if (known !== undefined) return known
    const read = typeof what === 'function' ? what : (input: Input) => input[what]
    const position = reads.push((input) => dialect.encode(type, read(input)))
    const parameter = dialect.parameter(position, type)
    bound.set(what, parameter)
    return parameter
  }

  const [text, placed] = inPlace(dialect, sql(bind).replaceAll(/\s+/g, ' '), reads)
  const valuesOf = (input: Input) => placed.map((read) => read(input))
  return {
    with: (input) => [text, valuesOf(input)],
    command: (input) => ({ text, values: valuesOf(input), onGuardFailed, onForeignKey, onDuplicate }),
  }
}

/** The text for the engine, and the value of each parameter; if the engine numbers parameters by position, one per position. */
export function inPlace<Item>(
  { numbersParameters }: Dialect,
  text: string,
  items: readonly Item[],
): readonly [text: string, items: readonly Item[]] {
  if (numbersParameters) return [text, items]
  const placed: Item[] = []
  const plain = text.replaceAll(/\?(\d+)/g, (_, position) => {
    placed.push(items[position - 1] as Item)
    return '?'
  })
  return [plain, placed]
}
