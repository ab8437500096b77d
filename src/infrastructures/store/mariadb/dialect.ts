import type { ColumnType } from '../aggregate.ts'
import type { Dialect, ParameterType, Upsert, Value } from '../sql/dialect.ts'

/**
 * SQL as MariaDB and MySQL both write it. Ids are 16 bytes, times `datetime(3)` in UTC. Their optimizers enter an index
 * neither for row values nor for conditions joined by `or`, nor for a subquery of what changes a table, but for joins.
 */
export const mariadbDialect: Dialect = {
  name: 'mariadb',
  parameter: (position, type) => (type === 'time' ? `cast(?${position} as datetime(3))` : `?${position}`),
  inPlace,
  encode,
  decode: { uuid: textOf, boolean: (bit: number) => bit === 1 },

  newId: `unhex(concat(lpad(hex(floor(unix_timestamp(now(3)) * 1000)), 12, '0'), '7', substr(sha2(uuid(), 256), 1, 3), '8', substr(sha2(uuid(), 256), 4, 15)))`,
  now: 'utc_timestamp(3)',
  past: `cast('1970-01-01' as datetime(3))`,
  later: (time, milliseconds) => `(${time} + interval (${milliseconds}) * 1000 microsecond)`,
  latest: (one, other) => `greatest(${one}, ${other})`,
  jsonObject: (fields) =>
    `concat(${fields.map(([name, type, expression], index) => `'${index === 0 ? '{' : ','}"${name}":', coalesce(${inJson(type, expression)}, 'null')`)}, '}')`,
  jsonText: (column) => column,

  beyond([first = '', ...others], side, [value, ...rest]) {
    const further = others.length === 1 ? `${others} ${side} ${rest}` : `(${others}) ${side} (${rest})`
    return `${first} ${side}= ${value} and (${first} ${side} ${value} or ${further})`
  },
  within: (column, table, reasons) => `${column} in (select id from (${idsOf(table, reasons)}) as ${table}_ids)`,
  anyOf: (column, list) => `${column} in (${list})`,
  batchesReads: true,
  deleteSome: (table, key, condition, order, limit) =>
    `delete ${table} from (select ${key} from ${table} where ${condition} order by ${order} limit ${limit}
      for update skip locked) as gone join ${table} using (${key})`,
  upsert,

  forShare: 'lock in share mode',
  lock: (table, reasons) => `select id from ${chosen(table, reasons)} order by id for update`,
  deletion: (table, reasons) => `delete ${table} from ${chosen(table, reasons)}`,
  guarded: (change) => change,
  guardedWithEvent: (change, event) => [change, event(null)],

  /** The rows are locked as they are read, so that both statements find the same ones. */
  moved: (table, reasons, target, selection) => [
    (bind) => `insert into ${target} select ${selection(bind)} from ${chosen(table, reasons(bind))} for update`,
    (bind) => `delete ${table} from ${chosen(table, reasons(bind))}`,
  ],
}

/** Parameters are written `?1`, `?2` … until their order is known. */
function inPlace<Item>(numbered: string, items: readonly Item[]): readonly [text: string, items: readonly Item[]] {
  const placed: Item[] = []
  const text = numbered.replaceAll(/\?(\d+)/g, (_, position) => {
    placed.push(items[position - 1] as Item)
    return '?'
  })
  return [text, placed]
}

/** Each reason enters an index of its own. */
const idsOf = (table: string, reasons: readonly string[]): string =>
  reasons.map((reason) => `select id from ${table} where ${reason}`).join(' union ')

const chosen = (table: string, reasons: readonly string[]): string =>
  `(${idsOf(table, reasons)}) as gone join ${table} using (id)`

/** Columns are assigned from left to right: by the unique token, the later ones see whether the row was free. */
function upsert({ table, row, token, key, isFree }: Upsert): string {
  const next = (column: string) => `values(${column})`
  const others = Object.keys(row).filter((column) => column !== token && !key.includes(column))
  const changes = [
    `${token} = if(${isFree((column) => column, next)}, ${next(token)}, ${token})`,
    ...others.map((column) => `${column} = if(${token} = ${next(token)}, ${next(column)}, ${column})`),
  ]
  return `insert into ${table} (${Object.keys(row)}) values (${Object.values(row)}) on duplicate key update ${changes}`
}

/** Nothing is in a list of null, and `in ()` is no SQL. */
function encode(type: ParameterType, value: unknown): Value {
  if (type === 'list')
    return (value as readonly string[]).length === 0 ? null : (value as readonly string[]).map(bytesOf)
  if (type === 'uuid' && typeof value === 'string') return bytesOf(value)
  return value instanceof Date ? value.toISOString().slice(0, -1).replace('T', ' ') : ((value ?? null) as Value)
}

const bytesOf = (id: string): Uint8Array => Buffer.from(id.replaceAll('-', ''), 'hex')

function textOf(bytes: Buffer): string {
  const text = bytes.toString('hex')
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}

/** As `JSON.stringify` writes it; null stays null. */
function inJson(type: ColumnType, expression: string): string {
  const dashed = [9, 14, 19, 24].reduce((id, at) => `insert(${id}, ${at}, 0, '-')`, `lower(hex(${expression}))`)
  if (type === 'uuid') return `concat('"', ${dashed}, '"')`
  if (type === 'time') return `concat('"', left(date_format(${expression}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z"')`
  if (type === 'boolean') return `elt(${expression} + 1, 'false', 'true')`
  return type === 'text' ? `json_quote(${expression})` : expression
}
