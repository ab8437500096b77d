import type { Db, Document, UUID } from 'mongodb'
import { FORUM } from '../src/infrastructures/store/aggregates/forum.ts'
import { documentOf, idOf, textOf } from '../src/infrastructures/store/mongodb/documents.ts'
import { openMongodb } from '../src/infrastructures/store/mongodb/open-mongodb.ts'
import { freshMongodb } from '../tests/kit/fresh-mongodb.ts'
import { reportOfMongodb } from '../tests/kit/server-versions.ts'
import {
  commentId,
  DISABLED_USER,
  DOOMED,
  FIRST_POST_AT,
  LOADED_UNTIL,
  ownerOf,
  postId,
  SUPER_ADMIN,
  TEXT,
  userId,
  WRITTEN_BEFORE,
  writtenAt,
} from './data.ts'
import type { BenchDatabase, StoredEvent } from './database.ts'

const { users, posts, comments } = FORUM.aggregates
const TECHNICAL = ['outbox', 'inbox', 'inbox_subjects', 'idempotency_keys']
const BATCH = 10_000

/** A loaded database of its own on a server of MongoDB's protocol. */
export async function loadMongodb(serverUrl: string, rows: number): Promise<BenchDatabase> {
  const { url, with: withDatabase, drop } = freshMongodb(serverUrl)
  await (await openMongodb({ url, poolSize: 1, migrates: true, aggregates: FORUM.aggregates })).close()
  await withDatabase((db) => load(db, rows))

  return {
    url,
    name: await reportOfMongodb(serverUrl),
    restore: () => withDatabase(restore),
    takeEvents: () => withDatabase(takeEvents),
    close: drop,
  }
}

async function load(db: Db, rows: number): Promise<void> {
  await insert(db, users.table, SUPER_ADMIN + 1, userOf)
  await insert(db, posts.table, rows, (n) => postOf(n, writtenAt(n)))
  await insert(db, comments.table, Math.ceil(rows / 5), (n) => commentOf(n, n, writtenAt(n)))
  await replace(db)
}

/** It keeps statistics of nothing: plans are chosen by trying them. */
async function restore(db: Db): Promise<void> {
  const changed = { $gte: LOADED_UNTIL }
  await db.collection(comments.table).deleteMany({ createdAt: changed })
  await db.collection(posts.table).deleteMany({ createdAt: changed })
  const loaded = { text: TEXT, version: 1, updatedAt: '$createdAt' }
  await db.collection(posts.table).updateMany({ updatedAt: changed }, [{ $set: loaded }])
  for (const name of [...TECHNICAL, FORUM.aggregates.notifications.table]) await db.collection(name).deleteMany({})
  await replace(db)
}

/** Inserts deleted posts again, with their comments. They are older than all others, so no page shows them. */
async function replace(db: Db): Promise<void> {
  const { first, count, comments: each } = DOOMED
  const numbers = Array.from({ length: count }, (_, index) => first + index)
  const _id = { $in: numbers.map((n) => idOf(postId(n))) }
  const found = await db.collection<Document & { _id: UUID }>(posts.table).find({ _id }, { projection: { _id: 1 } })
  const there = new Set((await found.toArray()).map((post) => textOf(post._id)))
  const missing = numbers.filter((n) => !there.has(postId(n)))

  await insert(db, posts.table, missing.length, (index) => postOf(missing[index] ?? 0, WRITTEN_BEFORE))
  await insert(db, comments.table, missing.length * each, (index) => {
    const post = missing[Math.floor(index / each)] ?? 0
    return commentOf(post * each + (index % each), post, WRITTEN_BEFORE)
  })
}

async function insert(db: Db, name: string, count: number, make: (n: number) => Document): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => make(from + index))
    await db.collection(name).insertMany(batch)
  }
}

const UNKNOWN = { fullName: null, email: null, removedAt: null, subject: null, identityRecord: null }

const userOf = (n: number): Document =>
  documentOf(
    users,
    stateOf(userId(n), FIRST_POST_AT, { username: `user${n}`, isActive: n !== DISABLED_USER, ...UNKNOWN }),
  )

const postOf = (n: number, at: Date): Document =>
  documentOf(posts, stateOf(postId(n), at, { ownerId: userId(ownerOf(n)), text: TEXT }))

const commentOf = (n: number, post: number, at: Date): Document =>
  documentOf(comments, stateOf(commentId(n), at, { postId: postId(post), ownerId: userId(ownerOf(n)), text: TEXT }))

const stateOf = (id: string, createdAt: Date, fields: object) => ({
  ...fields,
  id,
  version: 1,
  createdAt,
  updatedAt: createdAt,
})

async function takeEvents(db: Db): Promise<readonly StoredEvent[]> {
  const outbox = db.collection<Document & { _id: UUID }>('outbox')
  const events = await outbox.find().toArray()
  await outbox.deleteMany({ _id: { $in: events.map(({ _id }) => _id) } })
  return events.map(({ type, subject, version, data }) => ({
    type,
    subject: textOf(subject),
    version,
    data: JSON.parse(data),
  }))
}
