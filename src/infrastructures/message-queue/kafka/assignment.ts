import { encodeConsumerProtocolAssignment } from '@platformatic/kafka'

/** By this name the members agree on how partitions are divided. */
export const ASSIGNOR = 'roundrobin'

/** Divides the partitions of a topic among the members of a group, in turns. */
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
