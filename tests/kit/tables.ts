import type { Aggregates, Column, ColumnType } from '../../src/infrastructures/store/aggregate.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import type { Index, Table } from '../../src/infrastructures/store/table.ts'
import { tablesOf } from '../../src/infrastructures/store/technical-tables.ts'

const TYPES: Readonly<Record<DialectName, Readonly<Record<ColumnType, string>>>> = {
  mariadb: {
    uuid: 'binary(16)',
    text: 'longtext',
    json: 'longtext',
    integer: 'integer',
    boolean: 'boolean',
    time: 'datetime(3)',
  },
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
    .flatMap((table) => [
      create(dialect, table),
      ...(dialect === 'mariadb' ? [] : table.indexes.map((index) => createIndex(table.name, index))),
    ])
}

function create(dialect: DialectName, { name, columns, primaryKey, foreignKeys, checks, indexes }: Table): string {
  const indexed = new Set(indexes.flatMap((index) => index.columns))
  const lines = [
    ...Object.entries(columns).map(([column, kind]) => `${column} ${typeOf(dialect, kind, indexed.has(column))}`),
    `primary key (${primaryKey})`,
    ...foreignKeys.map((key) => `constraint ${key.name} foreign key (${key.column}) references ${key.table} (id)`),
    ...checks.map((check) => `constraint ${check.name} check (${check.column} ${check.condition})`),
    ...(dialect === 'mariadb' ? indexes.map(indexLine) : []),
  ]
  return `create table if not exists ${name} (${lines.join(', ')}) ${ENDS[dialect]}`
}

const ENDS: Readonly<Record<DialectName, string>> = {
  mariadb: 'character set utf8mb4 collate /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */',
  postgres: '',
  sqlite: 'strict',
}

const typeOf = (dialect: DialectName, { type, isNullable }: Column, isIndexed: boolean): string => {
  const isShort = dialect === 'mariadb' && type === 'text' && isIndexed
  return `${isShort ? 'varchar(255)' : TYPES[dialect][type]} ${isNullable ? '' : 'not null'}`
}

/** MySQL has neither partial indexes, so that what is missing comes first, nor `if not exists` for an index. */
function indexLine({ name, columns, isUnique, where }: Index): string {
  const [, missing] = /^(\w+) is null$/.exec(where ?? '') ?? []
  return `${isUnique ? 'unique' : ''} index ${name} (${missing === undefined ? columns : [missing, ...columns]})`
}

const createIndex = (table: string, { name, columns, isUnique, where }: Index): string =>
  `create ${isUnique ? 'unique' : ''} index if not exists ${name} on ${table} (${columns})
    ${where === undefined ? '' : `where ${where}`}`
