import type { Db, Document } from 'mongodb'
import { IdempotencyKeyInUse } from '../../../domains/errors/idempotency-errors.ts'
import {
  KEY_TTL_MS,
  RESERVATION_TTL_MS,
  type Reservation,
  type ReservationRequest,
} from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import { TransientConflict } from '../store-errors.ts'
import { compositeKey, literal, NOW } from './documents.ts'
import { executing, isDuplicate } from './errors.ts'
import { MAX_TIME_MS } from './reader.ts'
import type { Transaction } from './transaction.ts'

type Key = Document & { _id: string; token: string; fingerprint: string; answer: string | null }

const keysOf = (db: Db) => db.collection<Key>('idempotency_keys')
const keyOf = ({ userId, key }: Pick<ReservationRequest, 'userId' | 'key'>) => compositeKey(userId, key)
const reserved = (reservation: Reservation) => ({
  _id: keyOf(reservation),
  token: reservation.token,
  answer: null,
})

/** Idempotency keys. */
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
      if (isDuplicate(error)) throw new TransientConflict({ cause: error }) // two requests inserted it at once
      return executing(() => Promise.reject(error))
    }
  },

  release: (reservation) => executing(async () => void (await keysOf(db).deleteOne(reserved(reservation)))),
})

/** Stores a result in this transaction, unless another process holds the reservation. */
export async function saveResult({ db, session }: Transaction, reservation: Reservation, answer: string) {
  const { matchedCount } = await keysOf(db).updateOne(reserved(reservation), { $set: { answer } }, { session })
  if (matchedCount === 0) throw new IdempotencyKeyInUse()
}

/** Takes the key where it is free, and leaves it as it is elsewhere: one statement, so that of many one gets it. */
function reservation({ fingerprint }: ReservationRequest, token: string): Document[] {
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
    reservedUntil: { $add: [NOW, RESERVATION_TTL_MS] },
    expiresAt: { $add: [NOW, KEY_TTL_MS] },
  }
  return [{ $replaceWith: { $cond: [{ $or: [isPast('expiresAt'), isAbandoned] }, taken, '$$ROOT'] } }]
}

/** The state of a key that could not be reserved. */
function stateOf(kept: Key | null, { fingerprint }: ReservationRequest): DriverKeyState {
  if (kept === null) return { kind: 'in-use' }
  if (kept.fingerprint !== fingerprint) return { kind: 'reused' }
  return kept.answer === null ? { kind: 'in-use' } : { kind: 'completed', result: kept.answer }
}
