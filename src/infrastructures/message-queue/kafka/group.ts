import {
  Admin,
  type Connection,
  decodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  offsetCommitV9,
  offsetFetchV9,
  syncGroupV5,
} from '@platformatic/kafka'
import { LEASE_MS } from '../lease.ts'
import { withTimeout } from '../time.ts'
import { ASSIGNOR, assign } from './assignment.ts'
import { clientOptions, closeQuietly, type KafkaClient, REQUEST_TIMEOUT_MS, timeoutError } from './connect.ts'
import { connectionTo, coordinatorOf } from './coordinator.ts'
import { answerIn, isAnswer } from './errors.ts'
import type { Committed } from './progress.ts'

/** The member id of a process: it stays a member of the group when it only loses its connection. */
export type Identity = { memberId: string }

/** The assignment of a member, until the next rebalance. */
export type Membership = Readonly<{ generation: number; isLeader: boolean; partitions: readonly number[] }>

type Options = Readonly<{
  name: string
  /** The rebalance time-out: how long the group waits for a member to revoke its partitions and join again. */
  rebalanceMs: number
  identity: Identity
}>

const PROTOCOL = 'consumer'

/** Whether the coordinator no longer counts this process as a member. */
export const isExpelled = (error: unknown): boolean =>
  isAnswer(error, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID')

export async function openGroup(kafka: KafkaClient, options: Options): Promise<Group> {
  const node = await coordinatorOf(kafka, kafka.names.groupOf(options.name))
  const requestTimeout = options.rebalanceMs + LEASE_MS
  const client = new Admin({ ...clientOptions(kafka.url, kafka.names), requestTimeout })
  try {
    return new Group(kafka, options, { node, client, connection: await connectionTo(client, node) })
  } catch (error) {
    await closeQuietly(client)
    throw error
  }
}

type Coordinator = Readonly<{ node: number; client: Admin; connection: Connection }>

/**
 * The consumer group of a name, by Kafka's classic protocol. The library's own consumer does not suffice: it revokes partitions
 * while handlers run, and commits offsets without metadata.
 */
export class Group {
  readonly #link: KafkaClient
  readonly #options: Options
  readonly #coordinator: Coordinator
  readonly #id: string

  constructor(kafka: KafkaClient, options: Options, coordinator: Coordinator) {
    this.#link = kafka
    this.#options = options
    this.#coordinator = coordinator
    this.#id = kafka.names.groupOf(options.name)
  }

  /**
   * Resolves with the assignment after a rebalance: when all earlier members have revoked their partitions. `partitions` is their
   * number, which only the leader uses.
   */
  async join(partitions: number): Promise<Membership> {
    const joined = await this.#askToJoin()
    const { generationId: generation, memberId, leader, members } = joined
    const isLeader = leader === memberId
    const { connection } = this.#coordinator
    const { events } = this.#link.names
    this.#options.identity.memberId = memberId

    const assignments = isLeader ? assign(events, partitions, members) : []
    try {
      const { assignment } = await syncGroupV5.api.async(
        ...([connection, this.#id, generation, memberId, null, PROTOCOL, ASSIGNOR, assignments] as const),
      )
      const [assigned] = decodeConsumerProtocolAssignment(assignment).assignedPartitions
      return { generation, isLeader, partitions: assigned?.partitions ?? [] }
    } catch (error) {
      if (isAnswer(error, 'REBALANCE_IN_PROGRESS')) return this.join(partitions)
      throw error
    }
  }

  async #askToJoin(): Promise<joinGroupV9.JoinGroupResponse> {
    const { identity, rebalanceMs } = this.#options
    const { connection } = this.#coordinator
    const metadata = encodeConsumerProtocolSubscription({ version: 1, topics: [this.#link.names.events] })
    const protocols = [{ name: ASSIGNOR, metadata }]
    for (;;) {
      try {
        return await joinGroupV9.api.async(
          ...([
            connection,
            this.#id,
            LEASE_MS,
            rebalanceMs,
            identity.memberId,
            null,
            PROTOCOL,
            protocols,
            null,
          ] as const),
        )
      } catch (error) {
        if (isAnswer(error, 'MEMBER_ID_REQUIRED')) {
          identity.memberId = answerIn<joinGroupV9.JoinGroupResponse>(error)?.memberId ?? ''
        } else if (isExpelled(error)) identity.memberId = ''
        else throw error
      }
    }
  }

  /** Sends a heartbeat; false when the group rebalances. */
  async heartbeat({ generation }: Membership): Promise<boolean> {
    const { connection } = this.#coordinator
    const answer = heartbeatV4.api.async(connection, this.#id, generation, this.#options.identity.memberId, null)
    try {
      await withTimeout(REQUEST_TIMEOUT_MS, answer, timeoutError)
      return true
    } catch (error) {
      if (isAnswer(error, 'REBALANCE_IN_PROGRESS')) return false
      throw error
    }
  }

  /** The committed offset and metadata of each of these partitions; those without a commit are missing. */
  async committed(partitions: readonly number[]): Promise<ReadonlyMap<number, Committed>> {
    const topics = [{ name: this.#link.names.events, partitionIndexes: [...partitions] }]
    const asked = [{ groupId: this.#id, memberId: null, memberEpoch: -1, topics }]
    const answer = offsetFetchV9.api.async(this.#coordinator.connection, asked, true)
    const { groups } = await withTimeout(REQUEST_TIMEOUT_MS, answer, timeoutError)
    const found = groups.flatMap((group) => group.topics).flatMap((topic) => topic.partitions)
    const known = found.filter(({ committedOffset }) => committedOffset >= 0n)
    return new Map(
      known.map(({ partitionIndex, committedOffset, metadata }) => [
        partitionIndex,
        { offset: Number(committedOffset), metadata: metadata ?? null },
      ]),
    )
  }

  /** The coordinator refuses a commit of an earlier generation, or of a process that is not a member any more. */
  async commit({ generation }: Membership, offsets: ReadonlyMap<number, Committed>): Promise<void> {
    const partitions = [...offsets].map(([partitionIndex, { offset, metadata }]) => ({
      partitionIndex,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: metadata,
    }))
    const topics = [{ name: this.#link.names.events, partitions }]
    const { connection } = this.#coordinator
    const { memberId } = this.#options.identity
    await withTimeout(
      REQUEST_TIMEOUT_MS,
      offsetCommitV9.api.async(connection, this.#id, generation, memberId, null, topics),
      timeoutError,
    )
  }

  /** Uses a connection of its own: on the other one the request may wait behind `join`. */
  async leave(): Promise<void> {
    const { identity } = this.#options
    const member = { memberId: identity.memberId, groupInstanceId: null, reason: 'it stops' }
    identity.memberId = ''
    if (member.memberId === '') return
    const connection = await connectionTo(this.#link.admin, this.#coordinator.node)
    await withTimeout(REQUEST_TIMEOUT_MS, leaveGroupV5.api.async(connection, this.#id, [member]), timeoutError)
  }

  close(): Promise<void> {
    return closeQuietly(this.#coordinator.client)
  }
}
