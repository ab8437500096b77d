import { Conflict } from '../../../domains/errors/change-errors.ts'
import type { RecordedChange } from '../operation.ts'
import type { Bind, Dialect, Sql, Value } from './dialect.ts'

/** A constant text, made once. */
export type Prepared<Input> = Readonly<{
  text: string
  valuesOf(input: Input): readonly Value[]
  /** Both, as they are passed to a database. */
  with(input: Input): readonly [text: string, values: readonly Value[]]
}>

/** A statement of a transaction, and what its failures mean to the unit of work. */
export type Command = Readonly<{
  text: string
  values: readonly Value[]
  /** It must touch a row, else this is why it did not; null for one that may touch none. */
  onNoRow: (() => Error) | null
  onForeignKey: () => Error
  onDuplicate: () => Error
}>

/** The commands of a change, from statements that were prepared once. */
export type CommandsOf = (change: RecordedChange) => readonly Command[]

export const conflict = (): Error => new Conflict()

export function prepare<Input>(dialect: Dialect, sql: Sql<Input>): Prepared<Input> {
  const positions = new Map<unknown, string>()
  const reads: ((input: Input) => Value)[] = []

  const bind: Bind<Input> = (read, type) => {
    const known = positions.get(read)
    if (known !== undefined) return known
    const parameter = dialect.parameter(
      reads.push((input) => dialect.encode(type, read(input))),
      type,
    )
    positions.set(read, parameter)
    return parameter
  }

  const text = sql(bind).replaceAll(/\s+/g, ' ')
  const valuesOf = (input: Input) => reads.map((read) => read(input))
  return { text, valuesOf, with: (input) => [text, valuesOf(input)] }
}
