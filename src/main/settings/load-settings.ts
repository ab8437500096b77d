import cluster from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  openSettingsSource,
  type SettingsChoice,
  sourceName,
} from '../../infrastructures/configuration/open-settings-source.ts'
import {
  NoSettings,
  type SettingsSource,
  type SettingValues,
  UnusableSource,
} from '../../infrastructures/configuration/settings-source.ts'
import { type Snapshot, settingsSnapshot } from '../../infrastructures/configuration/snapshot.ts'
import { reasonOf } from '../../patterns/reason.ts'
import { retry } from '../../patterns/retry.ts'
import { ConfigurationError, createSettingsReader, type Variables } from '../config/env.ts'
import { readConfigurationSource } from '../config.ts'
import { DATA_DIRECTORY } from '../development.ts'
import { supervisorSource } from '../workers/shared-settings.ts'
import { createSettings, type Settings } from './settings.ts'

/** The source of settings, and what was read from it at the start. */
export type SettingsOrigin = Readonly<{
  name: string
  source: SettingsSource
  /** Stores the last good values for a start without the source; null if they are not stored. */
  snapshot: Snapshot | null
  values: SettingValues
  /** Why the values are not the current ones of the source; null if they are. */
  failure: unknown
}>

/** What the service starts with. */
export type Setup = Readonly<{ settings: Settings; origin: SettingsOrigin | null }>

/** The source does not answer, and there is no snapshot of its last values. */
export class SettingsUnavailable extends Error {}

const SNAPSHOT_FILE = `${DATA_DIRECTORY}/settings-snapshot.json`
const RETRIES = { attempts: 4, minBackoffMs: 250, sleep: (ms: number) => sleep(ms), random: Math.random }

/**
 * The settings of the environment and, below it, of what CONFIG_URL names.
 *
 * @throws {ConfigurationError} {@link SettingsUnavailable}
 */
export async function loadSettings(environment: Variables, isTerminal: boolean): Promise<Setup> {
  const { read, problems } = createSettingsReader(environment)
  const { choice, token } = readConfigurationSource(read)
  if (choice === null || problems.length > 0) {
    return { settings: createSettings({ environment, isTerminal }), origin: null }
  }
  const origin = await openOrigin(choice, token, environment['NODE_ENV'] === 'production')
  const { values, name: source } = origin
  return { settings: createSettings({ environment, isTerminal, values, source }), origin }
}

/** A worker gets the values from its supervisor, so that all workers have the same ones. */
async function openOrigin(
  choice: SettingsChoice,
  token: string | null,
  isProduction: boolean,
): Promise<SettingsOrigin> {
  const name = sourceName(choice)
  if (cluster.isWorker) {
    const source = supervisorSource()
    return { name, source, snapshot: null, values: await source.read(), failure: null }
  }
  const source = await openSettingsSource(choice, { token })
  const snapshot = choice.kind === 'consul' ? settingsSnapshot(SNAPSHOT_FILE) : null
  try {
    const isTransient = (error: unknown) => !(error instanceof UnusableSource)
    return { name, source, snapshot, values: await retry(source.read, isTransient, RETRIES), failure: null }
  } catch (failure) {
    const kept = await snapshot?.find(name)
    // Production never starts without its settings: a token that may not read them would go unnoticed.
    const values = kept ?? (failure instanceof NoSettings && !isProduction ? {} : null)
    if (values !== null) return { name, source, snapshot, values, failure }
    throw startError(name, failure)
  }
}

function startError(name: string, failure: unknown): Error {
  const problem = `CONFIG_URL ${name}: ${reasonOf(failure)}`
  if (failure instanceof UnusableSource) return new ConfigurationError([problem])
  return new SettingsUnavailable(`${problem}, and no earlier settings are kept in ${SNAPSHOT_FILE}`)
}
