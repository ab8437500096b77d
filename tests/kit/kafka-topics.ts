import { setTimeout as sleep } from 'node:timers/promises'
import { Admin, Consumer, findErrorBy } from '@platformatic/kafka'

/** A message as a consumer of another service sees it. */
export type Read = Readonly<{ partition: number; body: string; headers: Readonly<Record<string, string>> }>

export const optionsFor = (url: string) => ({ clientId: 'tests', bootstrapBrokers: [new URL(url).host] })

/** Removes what a namespace has left on the server. */
export async function cleanKafka(url: string, namespace: string): Promise<void> {
  const admin = new Admin(optionsFor(url))
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${namespace}.`))
  if (topics.length > 0) await admin.deleteTopics({ topics })
  const groups = [...(await admin.listGroups()).keys()].filter((group) => group.startsWith(`${namespace}.`))
  for (const group of groups) await deleteGroup(admin, group)
  await admin.close()
}

/** A member that was killed counts for a few seconds more. */
async function deleteGroup(admin: Admin, group: string): Promise<void> {
  for (const deadline = performance.now() + 15_000; ; await sleep(200)) {
    const failure = await admin.deleteGroups({ groups: [group] }).then(
      () => null,
      (error) => error,
    )
    if (failure === null || findErrorBy(failure, 'apiId', 'GROUP_ID_NOT_FOUND') !== null) return
    if (findErrorBy(failure, 'apiId', 'NON_EMPTY_GROUP') === null || performance.now() > deadline) throw failure
  }
}

/** All that a topic holds now, in the order of its partitions. */
export async function readTopic(url: string, topic: string): Promise<readonly Read[]> {
  const admin = new Admin(optionsFor(url))
  const { topics } = await admin.metadata({ topics: [topic] })
  const partitions = [...(topics.get(topic)?.partitions.keys() ?? [])]
  const asked = partitions.map((partitionIndex) => ({ partitionIndex, timestamp: -1n }))
  const [ends] = await admin.listOffsets({ topics: [{ name: topic, partitions: asked }] })
  await admin.close()
  const left = new Map(
    ends?.partitions.filter(({ offset }) => offset > 0n).map((end) => [end.partitionIndex, end.offset]),
  )
  const read: Read[] = []
  if (left.size === 0) return read

  const all = Promise.withResolvers<void>()
  const tap = await tapTopic(url, topic, 'earliest', (message, offset) => {
    read.push(message)
    if (left.get(message.partition) === offset + 1n) left.delete(message.partition)
    if (left.size === 0) all.resolve()
  })
  await all.promise
  await tap.close()
  return read
}

type Listen = (message: Read, offset: bigint) => void

/** Consumes a topic, from its beginning or from now on. */
export async function tapTopic(url: string, topic: string, mode: 'earliest' | 'latest', listen: Listen) {
  const consumer = new Consumer({ ...optionsFor(url), groupId: `tests-${process.pid}-${performance.now()}` })
  const stream = await consumer.consume({ topics: [topic], mode, autocommit: false, maxWaitTime: 100 })
  stream.on('data', ({ value, headers, partition, offset }) => {
    const described = [...headers].map(([header, text]) => [String(header), String(text)])
    listen({ partition, body: String(value), headers: Object.fromEntries(described) }, offset)
  })
  return {
    async close(): Promise<void> {
      await stream.close()
      await consumer.close(true)
    },
  }
}
