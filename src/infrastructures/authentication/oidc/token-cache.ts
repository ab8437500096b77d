import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Actor } from '../../../domains/entities/actor.ts'

type Needs = Readonly<{ now: () => Date; uptime: () => number }>

const MAX_TOKENS = 10_000
const MAX_AGE_MS = 60_000

/** Caches the actors of verified tokens for a minute, and never past their expiry. Stores only digests of the tokens. */
export function createTokenCache({ now, uptime }: Needs) {
  const seen = new LRUCache<string, Readonly<{ actor: Actor; endsAt: number }>>({
    max: MAX_TOKENS,
    ttl: MAX_AGE_MS,
    ttlResolution: 0,
    perf: { now: uptime },
  })

  return {
    find(token: string): Actor | null {
      const entry = seen.get(digest(token))
      return entry !== undefined && now().getTime() < entry.endsAt ? entry.actor : null
    },

    add(token: string, actor: Actor, endsAt: number): void {
      seen.set(digest(token), { actor, endsAt })
    },
  }
}

const digest = (token: string): string => hash('sha256', token, 'base64')
