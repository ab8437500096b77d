/** A row of the outbox; `data` is the payload that consumers get. */
export type StoredEvent = Readonly<{ type: string; subject: string; version: number; data: unknown }>

/** A loaded database that candidates use one after the other. */
export type BenchDatabase = Readonly<{
  url: string
  name: string
  /** Undoes what a candidate has changed, and lets the engine tidy up before the next one. */
  restore(): Promise<void>
  /** The events stored since `restore` or the last call. */
  takeEvents(): Promise<readonly StoredEvent[]>
  close(): Promise<void>
}>
