import type { Db, Document } from 'mongodb'
import { KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import {
  KEY_LIFE_MS,
  type KeyedRequest,
  RESERVED_MS,
  type Reservation,
} from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import { Contention } from '../store-errors.ts'
import { literal, NOW, pairOf } from './documents.ts'
import { executing, isDuplicate } from './errors.ts'
import { MAX_TIME_MS } from './reader.ts'
import type { Transaction } from './transaction.ts'

type Key = Document & { _id: string; token: string; fingerprint: string; answer: string | null }

const keysOf = (db: Db) => db.collection<Key>('idempotency_keys')
const keyOf = ({ userId, key }: Pick<KeyedRequest, 'userId' | 'key'>) => pairOf(userId, key)
const reserved = (reservation: Reservation) => ({
  _id: keyOf(reservation),
  token: reservation.token,
  answer: null,
})

/** The keys of requests that may be repeated. */
export const mongodbKeys = (db: Db): DriverKeys => ({
  async reserve(request, token) {
    try {
      const kept = await keysOf(db).findOneAndUpdate({ _id: keyOf(request) }, reservation(request, token), {
        upsert: true,
        returnDocument: 'after',
        maxTimeMS: MAX_TIME_MS,
      })
      return kept?.token === token ? { kind: 'reserved' } : stateOf(kept, request)
    } catch (error) {
      if (isDuplicate(error)) throw new Contention({ cause: error }) // two came first at once
      return executing(() => Promise.reject(error))
    }
  },

  release: (reservation) => executing(async () => void (await keysOf(db).deleteOne(reserved(reservation)))),
})

/** Keeps a result in this transaction, unless the reservation has passed to another. */
export async function saveResult({ db, session }: Transaction, reservation: Reservation, answer: string) {
  const { matchedCount } = await keysOf(db).updateOne(reserved(reservation), { $set: { answer } }, { session })
  if (matchedCount === 0) throw new KeyInUse()
}

/** Takes the key where it is free, and leaves it as it is elsewhere: one statement, so that of many one gets it. */
function reservation({ fingerprint }: KeyedRequest, token: string): Document[] {
  const isPast = (field: string) => ({ $lte: [{ $ifNull: [`$${field}`, new Date(0)] }, NOW] })
  const isAbandoned = {
    $and: [
      { $eq: ['$fingerprint', literal(fingerprint)] },
      { $eq: [{ $ifNull: ['$answer', null] }, null] },
      isPast('reservedUntil'),
    ],
  }
  const taken = {
    _id: '$_id',
    fingerprint: literal(fingerprint),
    token: literal(token),
    answer: null,
    reservedUntil: { $add: [NOW, RESERVED_MS] },
    expiresAt: { $add: [NOW, KEY_LIFE_MS] },
  }
  return [{ $replaceWith: { $cond: [{ $or: [isPast('expiresAt'), isAbandoned] }, taken, '$$ROOT'] } }]
}

/** What a key is that could not be reserved. */
function stateOf(kept: Key | null, { fingerprint }: KeyedRequest): DriverKeyState {
  if (kept === null) return { kind: 'in-use' }
  if (kept.fingerprint !== fingerprint) return { kind: 'reused' }
  return kept.answer === null ? { kind: 'in-use' } : { kind: 'answered', answer: kept.answer }
}
