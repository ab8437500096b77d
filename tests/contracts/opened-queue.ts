import type { QueueChoice } from '../../src/infrastructures/message-queue/open-message-queue.ts'

/** A server that belongs to one suite. */
export type OwnServer = Readonly<{
  choice: QueueChoice
  start(): Promise<void>
  /** Resolves when what was declared would survive a kill. */
  settled(): Promise<void>
  /** As a power cut for the process: nothing is flushed. */
  kill(): Promise<void>
  destroy(): Promise<void>
}>

/** A queue under test, and what the suite needs to look behind it. */
export type QueueUnderTest = Readonly<{
  choice: QueueChoice

  /** Publishes bytes that no adapter would: without an id, a key, or sense. */
  publishBytes?(namespace: string, body: Uint8Array): Promise<void>

  /** The reasons with which messages of a consumer were set aside. */
  reasons?(namespace: string, name: string): Promise<readonly string[]>

  /** Removes what a namespace has left on the server. */
  clean?(namespace: string, names: readonly string[]): Promise<void>

  /** A server of its own, not yet started; null where none can be. */
  ownServer?(): Promise<OwnServer | null>
}>

/** What not every queue can do. A test that needs a missing ability is skipped, and says so. */
export type QueueFeatures = Readonly<{
  /** Outlives the process, and is shared by many. */
  isShared: boolean
  /** Notices that an id was published before. */
  noticesRepetition: boolean
  skip?: string | false
}>
