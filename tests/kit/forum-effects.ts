import type { Client } from './client.ts'
import { commentNotifies } from './comment-notifies.ts'
import type { Person } from './people.ts'

type People = Readonly<{ alice: Person; bob: Person }>

/** What an event causes: a consumer handles it, and somebody sees that. */
export type Effect = Readonly<{
  /** The consumer and the type of the event, as metrics name them. */
  handler: string
  /** Bob causes the event at a post of Alice's. */
  cause: (call: Client, people: People, postId: string) => Promise<void>
  /** The posts at which Alice sees that it was handled. */
  seenAt: (call: Client, people: People) => Promise<readonly string[]>
}>

/** The effects that modules have on each other, one line each: whatever is about consumers of a service is tested on these. */
export const EFFECTS: readonly Effect[] = [commentNotifies]
