import { encodeConsumerProtocolAssignment } from '@platformatic/kafka'

/** The name of the assignment strategy, on which the members of a group agree. */
export const ASSIGNOR = 'roundrobin'

/** Assigns the partitions of a topic to the members of a group, round robin. */
export function assign(topic: string, partitions: number, members: readonly Readonly<{ memberId: string }>[]) {
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  const inOrder = members.map(({ memberId }) => memberId).toSorted()
  return inOrder.map((memberId, index) => {
    const own = all.filter((partition) => partition % inOrder.length === index)
    return {
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: 1,
        assignedPartitions: own.length === 0 ? [] : [{ topic, partitions: own }],
      }),
    }
  })
}
