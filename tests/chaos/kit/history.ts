/** What is done to which noun, such as `rewrite-post`. */
export type Change = `${'write' | 'rewrite' | 'remove'}-${string}`

/**
 * What a client knows of a change: `ok` was acknowledged, `fail` was certainly not done (refused with 4xx, or never
 * sent), `info` is unknown (no answer, or 5xx).
 */
export type Outcome = 'ok' | 'fail' | 'info'

/** `text` names the change: no two changes write the same. */
export type Operation = Readonly<{
  change: Change
  text: string
  /** What is changed; of an addition known only once it is acknowledged. */
  subject: string | null
  /** The post that it is added to. */
  postId: string | null
  outcome: Outcome
  /** The version that was acknowledged. */
  version: number | null
  /** The answer's status, or why there is none. */
  answer: number | string
}>

export type History = readonly Operation[]

export const count = (history: History, outcome: Outcome): number =>
  history.filter((operation) => operation.outcome === outcome).length
