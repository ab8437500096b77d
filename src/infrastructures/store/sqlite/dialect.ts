import type { ColumnType } from '../aggregate.ts'
import { type Dialect, either, insertOrUpdate, type ParameterType, type Value } from '../sql/dialect.ts'

/** SQL as SQLite writes it. Times are epoch milliseconds; a transaction that writes is alone, and counts the rows itself. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  parameter: (position) => `?${position}`,
  encode,
  decode: { time: (milliseconds: number) => new Date(milliseconds), boolean: (bit: number) => bit === 1 },

  newId: 'new_uuid()',
  now: `cast(unixepoch('subsec') * 1000 as integer)`,
  past: '0',
  later: (time, milliseconds) => `(${time} + ${milliseconds})`,
  latest: (one, other) => `max(${one}, ${other})`,
  jsonObject: (fields) =>
    `json_object(${fields.map(([name, type, expression]) => `'${name}', ${inJson(type, expression)}`)})`,

  jsonText: (column) => `cast(${column} as text)`,
  beyond: (columns, side, values) => `(${columns}) ${side} (${values})`,
  within: (column, table, reasons) => `${column} in (select id from ${table} where ${either(reasons)})`,
  anyOf: (column, list) => `${column} in (select value from json_each(${list}))`,
  batchesReads: false,
  deleteSome: (table, _key, condition, order, limit) =>
    `delete from ${table} where rowid in (select rowid from ${table} where ${condition} order by ${order} limit ${limit})`,

  upsert: insertOrUpdate,

  forShare: '',
  deletion: (table, reasons) => `delete from ${table} where ${either(reasons)}`,
  guarded: (change) => change,
  guardedWithEvent: (change, event) => [change, event(null)],
  moved: (table, reasons, target, selection) => [
    (bind) => `insert into ${target} select ${selection(bind)} from ${table} where ${either(reasons(bind))}`,
    (bind) => `delete from ${table} where ${either(reasons(bind))}`,
  ],
}

function encode(type: ParameterType, value: unknown): Value {
  if (type === 'list') return JSON.stringify(value)
  if (value instanceof Date) return value.getTime()
  return typeof value === 'boolean' ? Number(value) : ((value ?? null) as Value)
}

function inJson(type: ColumnType, expression: string): string {
  if (type === 'boolean') return `json(case ${expression} when 1 then 'true' when 0 then 'false' end)`
  return type === 'time' ? iso(expression) : expression
}

/** Epoch milliseconds as RFC 3339 in UTC; seconds are rounded down by hand, for times before 1970. Null stays null. */
function iso(milliseconds: string): string {
  const fraction = `((${milliseconds} % 1000 + 1000) % 1000)`
  const seconds = `((${milliseconds} - ${fraction}) / 1000)`
  return `strftime('%Y-%m-%dT%H:%M:%S', ${seconds}, 'unixepoch') || printf('.%03dZ', ${fraction})`
}
