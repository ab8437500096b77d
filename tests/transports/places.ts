import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { OpenStore } from '../contracts/opened.ts'
import { openingPostgres } from '../contracts/opened-postgres.ts'
import { openingSqlite } from '../contracts/opened-sqlite.ts'
import { skipWithout } from '../kit/engines.ts'
import { createStore } from '../kit/forum-store.ts'
import { type GrpcForum, openGrpcForum } from '../kit/grpc.ts'
import { TRANSPORTS, type Transport } from '../kit/transports.ts'

/** A forum behind one transport, and what a suite needs to look behind it. */
export type PlacedForum = GrpcForum &
  Readonly<{
    transport: Transport
    /** All events, in the order of their commits. */
    outbox: () => Promise<readonly Readonly<{ type: string; subject: string }>[]>
    /** Differs after every change: in memory by all that is kept, in a database by its events. */
    kept: () => Promise<unknown>
  }>

type Place = Readonly<{ name: string; skip: string | false; open: () => Promise<PlacedForum> }>

/** Where each suite runs: both transports on a store in memory, and gRPC on databases too. */
export const PLACES: readonly Place[] = [
  { name: 'REST', skip: skipWithout('memory'), open: () => openInMemory('REST') },
  { name: 'gRPC', skip: skipWithout('memory'), open: () => openInMemory('gRPC') },
  { name: 'gRPC, on SQLite', skip: skipWithout('sqlite'), open: () => openOn(openingSqlite(FORUM.aggregates)) },
  { name: 'gRPC, on PostgreSQL', skip: skipWithout('postgres'), open: () => openOn(openingPostgres(FORUM.aggregates)) },
]

async function openInMemory(transport: keyof typeof TRANSPORTS): Promise<PlacedForum> {
  const forum = await openGrpcForum()
  const { state, hash } = forum
  return {
    ...forum,
    transport: TRANSPORTS[transport](forum),
    outbox: async () => state.outbox,
    kept: async () => hash(),
  }
}

async function openOn(open: OpenStore): Promise<PlacedForum> {
  await using opening = new AsyncDisposableStack()
  const { driver, outbox } = opening.adopt(await open(), ({ close }) => close())
  const forum = opening.use(await openGrpcForum({ store: createStore(driver) }))
  const opened = opening.move()
  return {
    ...forum,
    transport: TRANSPORTS.gRPC(forum),
    outbox,
    kept: outbox,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
