import { describe } from 'node:test'
import type { QueueFeatures, QueueUnderTest } from './opened-queue.ts'
import { describeCrash } from './queue-crash.contract.ts'
import { describeDelivery } from './queue-delivery.contract.ts'
import { describeFailure } from './queue-failure.contract.ts'
import { describeOrder } from './queue-order.contract.ts'
import { describeOutage } from './queue-outage.contract.ts'
import { describeVolume } from './queue-volume.contract.ts'
import { useQueueWorld } from './queue-world.ts'

/** Everything that the port promises of a message queue: each queue must pass all of it. */
export function describeMessageQueue(name: string, underTest: QueueUnderTest, features: QueueFeatures): void {
  describe(name, { skip: features.skip ?? false }, () => {
    describeDelivery(useQueueWorld(underTest), features)
    describeOrder(useQueueWorld(underTest), features)
    describeFailure(useQueueWorld(underTest))
    describeCrash(useQueueWorld(underTest), features)
    describeOutage(useQueueWorld(underTest), features)
    describeVolume(useQueueWorld(underTest))
  })
}
