import { type Aggregate, type Aggregates, type Column, integer, json, nullable, text, time, uuid } from './aggregate.ts'

export type Index = Readonly<{ name: string; columns: readonly string[]; isUnique?: boolean; where?: string }>
type ForeignKey = Readonly<{ name: string; column: string; table: string }>

/** What holds for a column of each row: `condition` follows its name. */
export type Check = Readonly<{ name: string; column: string; condition: string }>

/** A table as migrations make it, in every SQL engine: names are those of the database. */
export type Table = Readonly<{
  name: string
  columns: Readonly<Record<string, Column>>
  primaryKey: readonly string[]
  foreignKeys: readonly ForeignKey[]
  indexes: readonly Index[]
  checks: readonly Check[]
}>

/** `fullName` is kept in `full_name`. */
export const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The table of an aggregate: each way to list it is served by an index. */
function tableOf({ table: name, columns, owner, references, sequence, lists, removed }: Aggregate): Table {
  const [own, listed] = [
    Object.entries(columns).map(([field, column]) => [columnOf(field), column] as const),
    [] as Index[],
  ]
  const ways = [...(lists.alwaysBy === null ? [[]] : []), ...lists.filters.map((field) => [columnOf(field)])]
  for (const way of ways) {
    for (const order of lists.orders.map(columnOf)) {
      listed.push({ name: `${[name, ...way, order].join('_')}_idx`, columns: [...way, order, 'id'] })
    }
  }
  for (const [flag, field] of Object.entries(lists.flags)) {
    const by = lists.alwaysBy === null ? [] : [columnOf(lists.alwaysBy)]
    listed.push({
      name: `${name}_${flag}_idx`,
      columns: [...by, 'created_at', 'id'],
      where: `${columnOf(field)} is null`,
    })
  }
  const numbered = sequence === null || owner === null ? [] : [columnOf(owner.field), sequence]

  return {
    name,
    columns: { ...Object.fromEntries(own), ...(sequence !== null && { [sequence]: integer }) },
    primaryKey: ['id'],
    foreignKeys: references.map(({ field, to }) => ({
      name: `${name}_${columnOf(field)}_fkey`,
      column: columnOf(field),
      table: to.table,
    })),
    indexes: [
      ...listed,
      ...(numbered.length === 0
        ? []
        : [{ name: `${name}_${numbered.join('_')}_key`, columns: numbered, isUnique: true }]),
    ],
    checks: removed === null ? [] : [versionCheck(name)],
  }
}

const versionCheck = (table: string): Check => ({ name: `${table}_version_check`, column: 'version', condition: '> 0' })

/** The tables that every store has, whatever it keeps. */
const TECHNICAL: readonly Table[] = [
  {
    name: 'outbox',
    columns: {
      id: { ...uuid, default: 'random' }, // earlier versions of this code leave it to PostgreSQL
      type: text,
      subject: uuid,
      version: integer,
      time,
      data: json,
      published_at: nullable(time),
      schema_version: { ...text, default: '1.0' },
    },
    primaryKey: ['id'],
    foreignKeys: [],
    indexes: [
      { name: 'outbox_pending_idx', columns: ['time', 'version', 'id'], where: 'published_at is null' },
      { name: 'outbox_published_idx', columns: ['time', 'version', 'id'], where: 'published_at is not null' },
    ],
    checks: [versionCheck('outbox')],
  },
  {
    name: 'outbox_lease',
    columns: { token: uuid, until: time },
    primaryKey: ['token'],
    foreignKeys: [],
    indexes: [],
    checks: [],
  },
  {
    name: 'inbox',
    columns: { consumer: text, id: text, subject: text, version: integer, digest: text, handled_at: time },
    primaryKey: ['consumer', 'id'],
    foreignKeys: [],
    indexes: [
      { name: 'inbox_subject_idx', columns: ['consumer', 'subject', 'version'] },
      { name: 'inbox_handled_at_idx', columns: ['handled_at'] },
    ],
    checks: [],
  },
  {
    name: 'idempotency_keys',
    columns: {
      user_id: uuid,
      key: text,
      fingerprint: text,
      token: uuid,
      answer: nullable(text),
      reserved_until: time,
      expires_at: time,
    },
    primaryKey: ['user_id', 'key'],
    foreignKeys: [],
    indexes: [{ name: 'idempotency_keys_expires_at_idx', columns: ['expires_at'] }],
    checks: [],
  },
]

/** All tables, each after those that it refers to. */
export const tablesOf = (aggregates: Aggregates): readonly Table[] => [
  ...Object.values(aggregates).map(tableOf),
  ...TECHNICAL,
]
