import cluster, { type Worker } from 'node:cluster'
import type {
  SettingsListener,
  SettingsSource,
  SettingValues,
} from '../../infrastructures/configuration/settings-source.ts'
import type { ToWorker } from './messages.ts'

/** Tells a worker the settings that hold beside the environment: first when it starts, then when they change. */
export function sendSettings(worker: Worker, values: SettingValues): void {
  // One that ends at this moment is nobody's failure.
  if (worker.isConnected()) worker.send({ kind: 'settings', values } satisfies ToWorker, () => {})
}

export function broadcastSettings(values: SettingValues): void {
  for (const worker of Object.values(cluster.workers ?? {})) if (worker !== undefined) sendSettings(worker, values)
}

/** Settings as the supervisor tells them to this worker. */
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
    read: () => first.finally(() => process.channel?.unref()), // It would keep a process that cannot start.
    watch(told) {
      listener = told
      told.onValues(latest)
    },
  }
}
