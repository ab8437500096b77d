import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, type Connection, FindCoordinatorKeyTypes } from '@platformatic/kafka'
import { withTimeout } from '../time.ts'
import { type KafkaClient, REQUEST_TIMEOUT_MS, timeoutError } from './connect.ts'
import { isAnswer } from './errors.ts'

/** How long a cluster that has just started may take to elect the coordinator of a group. */
const COORDINATOR_MS = 10_000
const CHECK_INTERVAL_MS = 200

const NOT_YET = ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR']

/** Retries a request until a coordinator answers. */
export async function onceCoordinated<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = performance.now() + COORDINATOR_MS; ; await sleep(CHECK_INTERVAL_MS)) {
    try {
      return await withTimeout(REQUEST_TIMEOUT_MS, ask(), timeoutError)
    } catch (error) {
      if (!isAnswer(error, ...NOT_YET) || performance.now() > deadline) throw error
    }
  }
}

/** The node id of the coordinator of a group. */
export async function coordinatorOf({ admin }: KafkaClient, groupId: string): Promise<number> {
  const asked = { keyType: FindCoordinatorKeyTypes.GROUP, keys: [groupId] }
  const [found] = await onceCoordinated(() => admin.findCoordinator(asked))
  if (found === undefined) throw new Error(`Kafka names no coordinator of ${groupId}.`)
  return found.nodeId
}

export async function connectionTo(client: Admin, node: number): Promise<Connection> {
  const connections = await withTimeout(REQUEST_TIMEOUT_MS, client.connectToBrokers([node]), timeoutError)
  const connection = connections.get(node)
  if (connection === undefined) throw new Error(`Kafka names no address of broker ${node}.`)
  return connection
}
