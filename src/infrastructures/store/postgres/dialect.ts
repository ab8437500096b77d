import type { ColumnType } from '../aggregate.ts'
import { type Dialect, either, insertOrUpdate, type ParameterType, type Value } from '../sql/dialect.ts'

const TYPES: Readonly<Record<ParameterType, string>> = {
  uuid: 'uuid',
  text: 'text',
  json: 'json',
  integer: 'integer',
  boolean: 'boolean',
  time: 'timestamptz',
  milliseconds: 'float8',
  list: 'uuid[]',
}

/** The SQL of PostgreSQL. A statement that must affect a row fails by itself, because the client reads no result in between. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  parameter: (position, type) => `$${position}::${TYPES[type]}`,
  encode,
  decode: {},

  newId: 'gen_random_uuid()',
  now: 'statement_timestamp()',
  past: `'-infinity'`,
  later: (time, milliseconds) => `(${time} + ${milliseconds} * interval '1 ms')`,
  latest: (one, other) => `greatest(${one}, ${other})`,
  jsonObject: (fields) =>
    `json_build_object(${fields.map(([name, type, expression]) => `'${name}', ${inJson(type, expression)}`)})`,

  jsonText: (column) => `cast(${column} as text)`,
  beyond: (columns, side, values) => `(${columns}) ${side} (${values})`,

  /** The planner searches the index for each element of an array; with an `or` and a subquery it would scan the table. */
  within: (column, table, reasons) => `${column} = any(array(select id from ${table} where ${either(reasons)}))`,
  anyOf: (column, list) => `${column} = any(${list})`,
  batchesReads: true,
  deleteSome: (table, _key, condition, order, limit) =>
    `delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition}
      order by ${order} limit ${limit} for update skip locked))`,

  upsert: insertOrUpdate,

  forShare: 'for share',
  lock: (table, reasons) => `select from ${table} where ${either(reasons)} order by id for update`,
  deletion: (table, reasons) => `delete from ${table} where ${either(reasons)}`,

  /** Divides by the number of rows: no row is a division by zero. */
  guarded: (change) => `with change as (${change} returning 1) select 1 / count(*) from change`,

  /** An event without a subject is refused (NOT NULL). */
  guardedWithEvent: (change, event) => [
    (bind) => `with change as (${change(bind)} returning id) ${event('(select id from change)')(bind)}`,
  ],

  moved: (table, reasons, target, selection) => [
    (bind) => `with gone as (delete from ${table} where ${either(reasons(bind))} returning *)
      insert into ${target} select ${selection(bind)} from gone`,
  ],
}

function encode(type: ParameterType, value: unknown): Value {
  if (type === 'list') return `{${(value as readonly string[]).join()}}`
  return value instanceof Date ? value.toISOString() : ((value ?? null) as Value)
}

const inJson = (type: ColumnType, expression: string): string =>
  type === 'time' ? `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : expression
