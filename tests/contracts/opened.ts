import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import type { Library } from '../kit/library/library.ts'
import type { Interruption } from './interrupted.ts'

/** An event as a store keeps it: `data` is what is left of the state after a trip through JSON. */
export type EventEnvelope = Readonly<{
  type: string
  subject: string
  version: number
  time: Date
  schemaVersion: string
  data: unknown
}>

/** An empty store that belongs to one suite, and what the suite needs to look behind it. */
export type Opened = Readonly<{
  driver: StoreDriver

  /** The store itself, where it is more than what the driver makes it. */
  store?: Library

  /** All events, in the order of the commits where the engine knows it. */
  outbox(): Promise<readonly EventEnvelope[]>

  /** Makes all that is kept so much older, as if that time had passed: leases, reservations, what was published or handled. */
  age(milliseconds: number): Promise<void>

  /** Other connections to the same data, as another process would have them. */
  second?(): Promise<StoreDriver>

  /** One more connection, whose statements others can get in between, where a claim of the outbox is several of them. */
  interrupted?(interrupt: Interruption): Promise<StoreDriver>

  /** Closes the driver, and opens the same data anew as after a restart. */
  reopen?(): Promise<StoreDriver>

  /** Closes all that was opened, and forgets the data. */
  close(): Promise<void>
}>

export type OpenStore = () => Promise<Opened>

/** What not every store can do. A test that needs a missing ability is skipped, and says so. */
export type Features = Readonly<{ isShared: boolean; isDurable: boolean }>
