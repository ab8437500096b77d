import type { Aggregates, Column, ColumnType } from '../../src/infrastructures/store/aggregate.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import type { Table } from '../../src/infrastructures/store/table.ts'
import { tablesOf } from '../../src/infrastructures/store/technical-tables.ts'

const TYPES: Readonly<Record<DialectName, Readonly<Record<ColumnType, string>>>> = {
  postgres: {
    uuid: 'uuid',
    text: 'text',
    json: 'json',
    integer: 'integer',
    boolean: 'boolean',
    time: 'timestamptz(3)',
  },
  sqlite: { uuid: 'text', text: 'text', json: 'text', integer: 'integer', boolean: 'integer', time: 'integer' },
}

/** The statements that make the tables of these aggregates, as far as no migration has made them. */
export function tableStatements(dialect: DialectName, aggregates: Aggregates): readonly string[] {
  const own = new Set(Object.values(aggregates).map(({ table }) => table))
  return tablesOf(aggregates)
    .filter(({ name }) => own.has(name))
    .flatMap((table) => [create(dialect, table), ...table.indexes.map((index) => createIndex(table, index))])
}

function create(dialect: DialectName, { name, columns, primaryKey, foreignKeys, checks }: Table): string {
  const lines = [
    ...Object.entries(columns).map(([column, kind]) => `${column} ${typeOf(dialect, kind)}`),
    `primary key (${primaryKey})`,
    ...foreignKeys.map((key) => `constraint ${key.name} foreign key (${key.column}) references ${key.table} (id)`),
    ...checks.map((check) => `constraint ${check.name} check (${check.column} ${check.condition})`),
  ]
  return `create table if not exists ${name} (${lines.join(', ')}) ${dialect === 'sqlite' ? 'strict' : ''}`
}

const typeOf = (dialect: DialectName, { type, isNullable }: Column): string =>
  `${TYPES[dialect][type]} ${isNullable ? '' : 'not null'}`

const createIndex = ({ name: table }: Table, { name, columns, isUnique, where }: Table['indexes'][number]): string =>
  `create ${isUnique ? 'unique' : ''} index if not exists ${name} on ${table} (${columns})
    ${where === undefined ? '' : `where ${where}`}`
