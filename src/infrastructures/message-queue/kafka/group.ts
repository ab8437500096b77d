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

/** Who a process is in a group: it keeps its place when only its connection is lost. */
export type Identity = { memberId: string }

/** What a member has, until the group is divided anew. */
export type Membership = Readonly<{ generation: number; isLeader: boolean; partitions: readonly number[] }>

type Options = Readonly<{
  name: string
  /** How long the others wait for a member that is to give back what it has. */
  rebalanceMs: number
  identity: Identity
}>

const PROTOCOL = 'consumer'

/** A process whose place in the group is given away, by what the coordinator answers it. */
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
 * The consumer group of a name, by Kafka's classic protocol. It is spoken here and not by the library, whose consumer
 * gives its partitions away while handlers run, and commits offsets without text.
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
   * Resolves once so many partitions are divided: when all members that were there before have given back what they had.
   * Only the leader's number counts.
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

  /** Says that this process is there: false when the group is to be divided anew. */
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

  /** Where the group is in each of these partitions; what it has never committed is missing. */
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

  /** The coordinator refuses it of a member that it does not count to the group any more. */
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

  /** Says so over a connection of its own: on the other one it may wait behind `join`. */
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
