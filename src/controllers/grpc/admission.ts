import { createAdmissionQueue } from '../api/admission-queue.ts'
import { CallError } from './errors.ts'

const MAX_RUNNING = { reads: 128, writes: 64 }

/** Calls that only read, by the names of their methods (AIP-131, AIP-132). */
const READ = /\/(?:Get|List)[A-Z]\w*$/

export type Admission = ReturnType<typeof createAdmission>

/** Lets a bounded number of calls run and wait, reads apart from writes, as for REST; the others are refused. */
export function createAdmission(now = () => performance.now()) {
  const gates = { reads: createGate(MAX_RUNNING.reads, now), writes: createGate(MAX_RUNNING.writes, now) }
  return { gateOf: (method: string) => (READ.test(method) ? gates.reads : gates.writes) }
}

function createGate(maxRunning: number, now: () => number) {
  const queue = createAdmissionQueue<() => void>(maxRunning, now)

  return {
    /** Waits until the call may run, if it has to. @throws {CallError} */
    enter(): Promise<void> | undefined {
      if (queue.isFree()) return void queue.begin()
      if (queue.isFull()) throw new CallError('overloaded')
      return new Promise<void>((resolve) => queue.add(resolve))
    },

    /** Call it once the call is answered. */
    leave(): void {
      queue.end()
      while (queue.startable() > 0) {
        queue.begin()
        queue.take()?.()
      }
    },
  }
}
