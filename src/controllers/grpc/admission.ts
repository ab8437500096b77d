import { createAdmissionQueue } from '../api/admission-queue.ts'
import { CallError } from './errors.ts'

const MAX_RUNNING = { reads: 128, writes: 64 }

/** Calls that only read, by the names of their methods (AIP-131, AIP-132). */
const READ = /\/(?:Get|List)[A-Z]\w*$/

export type Admission = ReturnType<typeof createAdmission>

/** Lets a bounded number of calls run and wait, reads apart from writes, as for REST; the others are refused. */
export function createAdmission(now = () => performance.now()) {
  const queues = {
    reads: createAdmissionQueue<() => void>(MAX_RUNNING.reads, now),
    writes: createAdmissionQueue<() => void>(MAX_RUNNING.writes, now),
  }

  return {
    /** Waits until the call may run. Call what it returns once the call is answered. @throws {CallError} */
    async enter(method: string): Promise<() => void> {
      const queue = READ.test(method) ? queues.reads : queues.writes
      if (!queue.isFree()) {
        if (queue.isFull()) throw new CallError('overloaded')
        await new Promise<void>((resolve) => queue.add(resolve))
      } else queue.begin()
      return () => {
        queue.end()
        while (queue.startable() > 0) {
          queue.begin()
          queue.take()?.()
        }
      }
    },
  }
}
