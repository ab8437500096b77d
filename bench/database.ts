/** An event as it was kept; `data` is what its readers will get. */
export type Announced = Readonly<{ type: string; subject: string; version: number; data: unknown }>

/** A loaded database that contenders use one after the other. */
export type BenchDatabase = Readonly<{
  url: string
  name: string
  /** Undoes what a contender has changed, and lets the engine tidy up before the next one. */
  restore(): Promise<void>
  /** The events kept since `restore` or the last call. */
  takeAnnounced(): Promise<readonly Announced[]>
  close(): Promise<void>
}>
