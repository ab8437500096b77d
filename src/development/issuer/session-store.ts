import { LRUCache } from 'lru-cache'
import type { Adapter, AdapterPayload } from 'oidc-provider'

const MAX_ENTRIES = 5_000

/** The sessions of the development issuer: in memory, bounded, gone with the process. */
export function createSessionStore(): (kind: string) => Adapter {
  const entries = new LRUCache<string, AdapterPayload>({ max: MAX_ENTRIES })

  const findBy = async (matches: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> =>
    entries.values().find(matches)

  return (kind) => ({
    async upsert(id, payload, expiresIn) {
      entries.set(`${kind}:${id}`, payload, { ttl: (expiresIn ?? 0) * 1000 })
    },

    find: async (id) => entries.get(`${kind}:${id}`),

    findByUid: (uid) => findBy((payload) => payload.kind === kind && payload.uid === uid),

    findByUserCode: (userCode) => findBy((payload) => payload.kind === kind && payload.userCode === userCode),

    async consume(id) {
      const payload = entries.get(`${kind}:${id}`)
      if (payload !== undefined) Object.assign(payload, { consumed: Math.floor(Date.now() / 1000) })
    },

    async destroy(id) {
      entries.delete(`${kind}:${id}`)
    },

    async revokeByGrantId(grantId) {
      for (const [key, payload] of entries.entries()) if (payload.grantId === grantId) entries.delete(key)
    },
  })
}
