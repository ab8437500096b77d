import { randomBytes } from 'node:crypto'
import { batched } from '../../../patterns/batch.ts'
import { type Bounds, boundedCopies } from '../bounded-copies.ts'
import { KEPT_MS, type Keepable, NOTHING_KEPT_MS } from '../cache.ts'
import { type Answer, type Copy, understood } from './answer.ts'
import type { Connection } from './connection.ts'
import type { Line } from './line.ts'
import { encode } from './payload.ts'

type Needs = Readonly<{ line: Line<Connection>; bounds: Bounds; uptime: () => number; onFailure: () => void }>

/**
 * Copies in two levels. Those at hand save their way over the wire and their decoding, but no question: each read asks
 * Redis whether they still hold. Reads of one turn of the event loop are one command.
 */
export function keptCopies({ line, bounds, uptime, onFailure }: Needs) {
  const atHand = boundedCopies<Copy>(bounds, uptime)
  const newToken = tokens()

  async function ask(keys: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
    const known = keys.map((key) => atHand.get(key))
    const heads = known.map((copy) => copy?.head ?? '')
    try {
      const texts = await line.run((connection) => connection.read(keys, heads, newToken()))
      const answers = keys.map((key, index) => understood(key, texts[index], known[index]))
      for (const [index, key] of keys.entries()) note(key, answers[index] as Answer)
      return new Map(keys.map((key, index) => [key, answers[index] as Answer]))
    } catch {
      onFailure()
      return new Map()
    }
  }

  function note(key: string, answer: Answer): void {
    if (typeof answer === 'string') onFailure()
    else if ('head' in answer) atHand.set(key, answer)
    if (answer === 'garbage') line.run((connection) => connection.forget({ keys: [key], families: [] })).catch(() => {})
  }

  return {
    /** Null when Redis does not say. */
    find: batched(ask, setImmediate),

    /** Keeps a value under its lease, unless that was forgotten. Never fails. */
    async keep(key: string, lease: string, value: Keepable): Promise<void> {
      const lifetime = value === null ? NOTHING_KEPT_MS : KEPT_MS
      try {
        const payload = encode(key, value)
        const isKept = await line.run((connection) => connection.fill(key, lease, payload, lifetime))
        if (isKept) atHand.set(key, { head: lease, value })
      } catch {
        onFailure()
      }
    },

    drop: (key: string): void => void atHand.delete(key),
  }
}

/** Each is new in the whole world. */
function tokens(): () => string {
  const nonce = randomBytes(9).toString('base64url')
  let count = 0
  return () => `${nonce}${(count++).toString(36)}`
}
