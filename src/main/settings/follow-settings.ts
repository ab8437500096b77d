import { isDeepStrictEqual } from 'node:util'
import { type SettingValues, UnusableSource } from '../../infrastructures/configuration/settings-source.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { counter, gauge, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { ConfigurationError } from '../config/env.ts'
import { createOutageLog, logWarning } from '../log-warning.ts'
import { type Adoption, createAdoption, problemsOf } from './adopt-settings.ts'
import type { Setup } from './load-settings.ts'
import type { Settings } from './settings.ts'

type Needs = Setup &
  Readonly<{
    logger: Logger
    /** False where another process logs the changes. */
    logsChanges?: boolean
    /** Called after each change that was applied. */
    onChange?: () => void
  }>

/** Applies each change of the source until it is disposed of: all values, or none while one of them is wrong. */
export function followSettings({ settings, origin, logger, logsChanges = true, onChange = () => {} }: Needs) {
  const stopping = new AbortController()
  const adoption = createAdoption({ settings, logger, logsChanges, source: origin?.name ?? '' })
  let failure: unknown = origin?.failure ?? null
  const following = {
    monitoring: monitoringOf(settings, adoption, () => failure),
    [Symbol.dispose]: () => stopping.abort(),
  }
  if (origin === null) return following

  const { name, source, snapshot } = origin
  const outage = createOutageLog(logger, {
    textOf: (cause) => `the settings stay as they are, as those of ${name} cannot be read: ${cause}`,
    restored: `the settings of ${name} can be read again`,
  })
  const onSaveFailed = logWarning(logger, 'the settings are not kept for a start without their source')
  const save = (values: SettingValues): void => void snapshot?.save(name, values).catch(onSaveFailed)

  let seen = origin.values
  if (failure === null) save(seen)
  else outage.warn(failure)

  function onValues(values: SettingValues): void {
    failure = null
    outage.resolve()
    if (isDeepStrictEqual(values, seen)) return
    seen = values
    if (!adoption.adopt(values)) return
    save(values)
    onChange()
  }

  function onFailure(error: unknown): void {
    failure = error
    outage.warn(error)
  }

  source.watch({ onValues, onFailure }, stopping.signal)
  return following
}

/** The settings are not required: the service goes on with those that it has. */
function monitoringOf(settings: Settings, { refusal, counts }: Adoption, failure: () => unknown): Monitoring {
  async function ping(): Promise<void> {
    const why = failure() ?? refusal()
    if (why !== null) throw why
  }

  return {
    checks: { configuration: { ping, isRequired: false, causeOf } },
    metrics: [
      counter(`${PRODUCT.metrics}settings_changes_total`, 'Changes of the settings at run time, by outcome.', () =>
        Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
      ),
      gauge(`${PRODUCT.metrics}settings_waiting`, 'Settings whose new values need a restart.', settings.countWaiting),
    ],
  }
}

/** Without the cause, which may name an address: only the log has it. */
const causeOf = (error: Error): string | null =>
  error instanceof ConfigurationError || error instanceof UnusableSource ? problemsOf(error) : null
