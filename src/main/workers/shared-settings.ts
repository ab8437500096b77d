import cluster, { type Worker } from 'node:cluster'
import type {
  SettingsListener,
  SettingsSource,
  SettingValues,
} from '../../infrastructures/configuration/settings-source.ts'
import type { ToWorker } from './messages.ts'

/** Sends a worker the settings of the other source: when it starts, and when they change. */
export function sendSettings(worker: Worker, values: SettingValues): void {
  // A worker that ends at this moment is not an error.
  if (worker.isConnected()) worker.send({ kind: 'settings', values } satisfies ToWorker, () => {})
}

export function broadcastSettings(values: SettingValues): void {
  for (const worker of Object.values(cluster.workers ?? {})) if (worker !== undefined) sendSettings(worker, values)
}

/** The settings that the supervisor sends to this worker. */
export function supervisorSource(): SettingsSource {
  const { promise: first, resolve } = Promise.withResolvers<SettingValues>()
  let latest: SettingValues = {}
  let listener: SettingsListener | null = null

  process.on('message', (message: ToWorker) => {
    if (message.kind !== 'settings') return
    latest = message.values
    resolve(latest)
    listener?.onValues(latest)
  })
  return {
    read: () => first.finally(() => process.channel?.unref()), // An open channel would keep a process alive that cannot start.
    watch(newListener) {
      listener = newListener
      newListener.onValues(latest)
    },
  }
}
