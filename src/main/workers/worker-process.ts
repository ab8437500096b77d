import cluster, { type Worker } from 'node:cluster'
import { closeUnconfirmedConnections } from './connection-handoff.ts'
import type { ToSupervisor, ToWorker } from './messages.ts'

/** Sends a new worker what it needs to start. */
export type OnFork = (worker: Worker) => void

/** How a worker ended: with an exit code, or by a signal, which counts as 1. */
export type Ending = Readonly<{ code: number; signal: string | null }>

export const causeOf = ({ code, signal }: Ending): string => signal ?? String(code)

/** A worker that serves. */
export type WorkerProcess = Readonly<{
  worker: Worker
  ended: Promise<Ending>
  /** Lets it accept requests for so long, then finish those in flight. Resolves when it has ended. */
  stop: (delayMs: number) => Promise<Ending>
  /** Whether it is stopping. */
  isLeaving: () => boolean
}>

/** Starts a worker and waits until it serves, or has ended before. */
export async function startWorker(onFork: OnFork): Promise<WorkerProcess | Ending> {
  const worker = cluster.fork({ DATABASE_AUTO_MIGRATE: 'false' })
  worker.on('error', () => {}) // It was killed, and takes no message: its end says so.
  closeUnconfirmedConnections(worker)
  onFork(worker)
  // Not by `once`, which gives up at an error event.
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>()
  worker.once('exit', (code: number | null, signal: string | null) => end({ code: code ?? 1, signal }))
  const { promise: serving, resolve } = Promise.withResolvers<null>()
  worker.on('message', ({ kind }: ToSupervisor) => kind === 'serving' && resolve(null))

  const failure = await Promise.race([serving, ended])
  if (failure !== null) return failure
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
