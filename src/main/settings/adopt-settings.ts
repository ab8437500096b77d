import type { SettingValues } from '../../infrastructures/configuration/settings-source.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { reasonOf } from '../../patterns/reason.ts'
import { ConfigurationError } from '../config/env.ts'
import type { Settings, SettingsChange } from './settings.ts'

export type Adoption = ReturnType<typeof createAdoption>

type Needs = Readonly<{ settings: Settings; logger: Logger; logsChanges: boolean; source: string }>

/** Applies new values while the service runs, counts and logs that: with the names of the settings, never their values. */
export function createAdoption({ settings, logger, logsChanges, source }: Needs) {
  const counts = { applied: 0, refused: 0 }
  let refusal: unknown = null

  function take(values: SettingValues): void {
    const change = settings.change(values)
    if (change.applied.length + change.waiting.length > 0) counts.applied++
    if (refusal !== null) logger.info(`the settings of ${source} are right again`)
    refusal = null
    changeLevel(logger, settings.live.LOG_LEVEL(), () => (logsChanges ? logChange(logger, change, source) : undefined))
  }

  return {
    counts,

    /** Why the last values were not applied; null if they were. */
    refusal: () => refusal,

    /** Whether the values were applied: all of them, or none. */
    adopt(values: SettingValues): boolean {
      try {
        take(values)
        return true
      } catch (error) {
        refusal = error
        counts.refused++
        logger.error(`the settings stay as they are, as those of ${source} are wrong: ${problemsOf(error)}`)
        return false
      }
    },
  }
}

/** In one line. */
export const problemsOf = (error: unknown): string =>
  error instanceof ConfigurationError ? error.problems.join('; ') : reasonOf(error)

/** Logs at the old level or at the new one, whichever is more verbose. */
function changeLevel(logger: Logger, level: string, log: () => void): void {
  const wasEnabled = logger.isLevelEnabled('info')
  if (wasEnabled) log()
  logger.level = level
  if (!wasEnabled) log()
}

function logChange(logger: Logger, { applied, waiting, warnings }: SettingsChange, source: string): void {
  const fields = { 'event.action': 'settings-changed' }
  if (applied.length > 0) logger.info(fields, `settings changed by ${source}: ${applied.join(', ')}`)
  for (const name of waiting) logger.warn(fields, `${name} was changed by ${source} and needs a restart`)
  for (const warning of warnings) logger.warn(warning)
}
