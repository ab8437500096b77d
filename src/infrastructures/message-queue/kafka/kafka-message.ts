import type { ReceivedMessage } from '../received-message.ts'
import type { KafkaClient } from './connect.ts'
import type { Fetched } from './fetch.ts'
import { HEADERS } from './names.ts'
import { headersOf, send } from './publish.ts'

/** The consumer and the partition of a message, whether it may have been attempted before, and how to acknowledge it. */
type Origin = Readonly<{
  kafka: KafkaClient
  name: string
  partition: number
  isRedelivered: boolean
  ack: () => Promise<void>
}>

export const idOf = (partition: number, offset: number): string => `${partition}-${offset}`

/** A message that was fetched from a partition. */
export function receivedFrom({ offset, key, value }: Fetched, origin: Origin): ReceivedMessage {
  const { kafka, name, partition, isRedelivered, ack } = origin
  const id = idOf(partition, offset)
  const body = value ?? Buffer.alloc(0)

  return {
    id,
    key: key?.toString() || id,
    body,
    isRedelivered,
    ack,

    async deadLetter(reason) {
      const described = { [HEADERS.reason]: reason, [HEADERS.position]: `${kafka.names.events} ${partition} ${offset}` }
      const topic = kafka.names.deadLettersOf(name)
      await send(kafka, [{ topic, key: key ?? Buffer.from(id), value: body, headers: headersOf(described) }])
      await ack()
    },
  }
}
