import cluster, { type Worker } from 'node:cluster'
import { closeUnconfirmedConnections } from './connection-handoff.ts'
import type { ToSupervisor, ToWorker } from './messages.ts'

/** Tells a new worker what it has to know. */
export type OnFork = (worker: Worker) => void

/** A worker that serves. */
export type WorkerProcess = Readonly<{
  worker: Worker
  /** Its exit code, once it has ended; 1 after a signal. */
  ended: Promise<number>
  /** Lets it accept requests for so long, then finish those in flight. Resolves with its exit code. */
  stop: (delayMs: number) => Promise<number>
  /** Whether it is stopping. */
  isLeaving: () => boolean
}>

/** Starts a worker and waits until it serves. Returns its exit code if it ends before. */
export async function startWorker(onFork: OnFork): Promise<WorkerProcess | number> {
  const worker = cluster.fork({ DATABASE_AUTO_MIGRATE: 'false' })
  worker.on('error', () => {}) // It was killed, and takes no message: its end says so.
  closeUnconfirmedConnections(worker)
  onFork(worker)
  // Not by `once`, which gives up at an error event.
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  worker.once('exit', (code: number | null) => end(code ?? 1))
  const { promise: serving, resolve } = Promise.withResolvers<null>()
  worker.on('message', ({ kind }: ToSupervisor) => kind === 'serving' && resolve(null))

  const code = await Promise.race([serving, ended])
  if (code !== null) return code
  let isLeaving = false
  return {
    worker,
    ended,
    isLeaving: () => isLeaving,
    async stop(delayMs) {
      isLeaving = true
      if (worker.isConnected()) worker.send({ kind: 'stop', delayMs } satisfies ToWorker)
      return ended
    },
  }
}
