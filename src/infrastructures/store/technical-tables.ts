import { type Aggregates, integer, json, nullable, text, time, uuid } from './aggregate.ts'
import { type Table, tableOf, versionCheck } from './table.ts'

type Technical = Pick<Table, 'name' | 'columns' | 'primaryKey'> & Partial<Table>

/** The tables that every store has, whatever its aggregates. */
const TECHNICAL: readonly Technical[] = [
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
      traceparent: nullable(text),
    },
    primaryKey: ['id'],
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
  },
  {
    name: 'inbox',
    columns: { consumer: text, id: text, subject: text, version: integer, digest: text, handled_at: time },
    primaryKey: ['consumer', 'id'],
    indexes: [
      { name: 'inbox_subject_idx', columns: ['consumer', 'subject', 'version'] },
      { name: 'inbox_handled_at_idx', columns: ['handled_at'] },
    ],
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
    indexes: [{ name: 'idempotency_keys_expires_at_idx', columns: ['expires_at'] }],
  },
]

/** All tables, each after those that it refers to. */
export const tablesOf = (aggregates: Aggregates): readonly Table[] => [
  ...Object.values(aggregates).map(tableOf),
  ...TECHNICAL.map((table) => ({ foreignKeys: [], indexes: [], checks: [], ...table })),
]
