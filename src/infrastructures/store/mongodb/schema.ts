import type { Document } from 'mongodb'
import {
  type Aggregate,
  type Aggregates,
  type Column,
  type ColumnType,
  integer,
  json,
  nullable,
  text,
  time,
  uuid,
} from '../aggregate.ts'
import { keyOf } from './documents.ts'

/** A collection as migrations make it. */
export type Collection = Readonly<{
  name: string
  validator: Document
  indexes: readonly Index[]
}>
type Index = Readonly<{ name: string; key: Readonly<Record<string, 1>>; unique?: true }>
type Columns = Readonly<Record<string, Column>>

const TYPES: Readonly<Record<ColumnType, readonly string[]>> = {
  uuid: ['binData'],
  text: ['string'],
  json: ['string'],
  integer: ['int', 'long', 'double'],
  boolean: ['bool'],
  time: ['date'],
}

/** All collections, without a noun: those of the aggregates, then those that every store has. */
export const collectionsOf = (aggregates: Aggregates): readonly Collection[] => [
  ...Object.values(aggregates).map(collectionOf),
  ...TECHNICAL,
]

/** The collection of an aggregate: each way to list it is served by an index. */
export function collectionOf({ table: name, columns, owner, lists, sequence }: Aggregate): Collection {
  const { requiredFilter, filters, orders, flags } = lists
  const ways = [...(requiredFilter === null ? [[]] : []), ...filters.map((field) => [field])]
  const by = requiredFilter === null ? [] : [requiredFilter]
  return {
    name,
    validator: validatorOf(sequence === null ? columns : { ...columns, [sequence]: integer }),
    indexes: [
      ...ways.flatMap((way) => orders.map((order) => index(...way, order, 'id'))),
      ...Object.values(flags).map((field) => index(...by, field, 'createdAt', 'id')),
      ...(sequence === null || owner === null ? [] : [unique(owner.field, sequence)]),
    ],
  }
}

/** Older code may not write a field that has a default: only the others are required. */
function validatorOf(columns: Columns): Document {
  const properties = Object.entries(columns).map(([field, { type, isNullable }]) => {
    const bsonType = isNullable ? [...TYPES[type], 'null'] : TYPES[type]
    return [keyOf(field), field === 'version' ? { bsonType, minimum: 1 } : { bsonType }]
  })
  const required = Object.entries(columns).filter(([, column]) => column.default === undefined)
  return {
    $jsonSchema: {
      bsonType: 'object',
      required: required.map(([field]) => keyOf(field)),
      properties: Object.fromEntries(properties),
    },
  }
}

function index(...fields: readonly string[]): Index {
  const keys = fields.map(keyOf)
  return {
    name: keys.map((key) => key.replace(/^_/, '')).join('_'),
    key: Object.fromEntries(keys.map((key) => [key, 1])),
  }
}

const unique = (...fields: readonly string[]): Index => ({ ...index(...fields), unique: true })

const TECHNICAL: readonly Collection[] = [
  {
    name: 'outbox',
    validator: validatorOf({
      id: uuid,
      type: text,
      subject: uuid,
      version: integer,
      time,
      schemaVersion: text,
      data: text,
      publishedAt: nullable(time),
    }),
    indexes: [index('publishedAt', 'time', 'version', 'id'), index('time', 'version', 'id')],
  },
  { name: 'outbox_lease', validator: validatorOf({ token: text, until: time }), indexes: [] },
  { name: 'transaction_sessions', validator: validatorOf({ sessions: json, until: time }), indexes: [] },
  {
    name: 'inbox',
    validator: validatorOf({ subject: text, version: integer, digest: text, handledAt: time }),
    indexes: [index('handledAt')],
  },
  {
    name: 'inbox_subjects',
    validator: validatorOf({ version: integer, handledAt: time }),
    indexes: [index('handledAt')],
  },
  {
    name: 'idempotency_keys',
    validator: validatorOf({
      fingerprint: text,
      token: text,
      answer: nullable(text),
      reservedUntil: time,
      expiresAt: time,
    }),
    indexes: [index('expiresAt')],
  },
]

/** What makes a collection. */
export const commandsOf = ({ name, validator, indexes }: Collection): readonly Document[] => [
  { create: name, validator },
  ...(indexes.length === 0 ? [] : [{ createIndexes: name, indexes }]),
]
