import type { SettingValues } from '../../infrastructures/configuration/settings-source.ts'
import type { Live } from '../../patterns/live.ts'
import { ConfigurationError, type Variables } from '../config/env.ts'
import { type Config, LIVE, readConfig } from '../config.ts'
import { misspeltIn, watchReads } from '../misspelt.ts'

type LiveValues = Readonly<{ [Name in keyof typeof LIVE]: ReturnType<(typeof LIVE)[Name]> }>
export type LiveSettings = Readonly<{ [Name in keyof LiveValues]: Live<LiveValues[Name]> }>

export type SettingsChange = Readonly<{
  /** The names of settings that took other values. */
  applied: readonly string[]
  /** The names of settings whose new values wait for the next start. */
  waiting: readonly string[]
  /** New names that are not settings. */
  warnings: readonly string[]
}>

export type Settings = ReturnType<typeof createSettings>

/** The settings as the parts of the service need them. */
export type SettingsInUse = Pick<Settings, 'config' | 'live'>

type Origin = Readonly<{
  environment: Variables
  isTerminal: boolean
  /** The values of the other source, and its name. The environment takes precedence. */
  values?: SettingValues
  source?: string
}>

type Reading = Readonly<{
  values: SettingValues
  watched: ReturnType<typeof watchReads>
  config: Config
  live: LiveValues
}>

const isLive = (name: string): boolean => Object.hasOwn(LIVE, name)

/**
 * The settings: all as they were at the start, and those that may change as they are now.
 *
 * @throws {ConfigurationError} with all problems at once
 */
export function createSettings({ environment, isTerminal, values: firstValues = {}, source = '' }: Origin) {
  const started = read(firstValues)
  let current = started

  function read(values: SettingValues): Reading {
    assertNoSource(values, source)
    const watched = watchReads({ ...values, ...environment })
    try {
      const config = readConfig(watched.variables, isTerminal)
      return { values, watched, config, live: liveValues(config) }
    } catch (error) {
      const isFromSource = (name: string) => Object.hasOwn(values, name) && !Object.hasOwn(environment, name)
      throw error instanceof ConfigurationError ? locate(error, isFromSource, source) : error
    }
  }

  const waitingIn = (reading: Reading) => differences(reading, started).filter((name) => !isLive(name))

  return {
    config: started.config,
    live: liveSettings(() => current.live),

    /** Names that are not settings. */
    warnings: warningsOf(started),

    /** The values in use: the last ones of settings that may change at run time, and of all others the first ones. */
    valuesInForce: (): SettingValues => ({
      ...pick(started.values, (name) => !isLive(name)),
      ...pick(current.values, isLive),
    }),

    /** Applies new values, all of them at once, or none. @throws {ConfigurationError} when some are wrong */
    change(values: SettingValues): SettingsChange {
      const [before, next] = [current, read(values)]
      const changed = differences(next, before)
      current = next
      return {
        applied: changed.filter(isLive),
        waiting: waitingIn(next).filter((name) => changed.includes(name)),
        warnings: warningsOf(next).filter((warning) => !warningsOf(before).includes(warning)),
      }
    },

    /** How many settings have new values that wait for the next start. */
    countWaiting: (): number => waitingIn(current).length,
  }
}

/** Warns of unknown names: in the environment only of those that resemble a setting, in a source of settings of all. */
function warningsOf({ values, watched }: Reading): readonly string[] {
  const misspelt = new Map(misspeltIn(watched).map(({ name, meant }) => [name, `: did you mean ${meant}?`]))
  const strangers = Object.keys(values).filter((name) => !watched.asked.has(name))
  return [...new Set([...misspelt.keys(), ...strangers])].map(
    (name) => `${name} is not a setting${misspelt.get(name) ?? ''}`,
  )
}

/** The place of the other source is a setting of the environment alone. */
function assertNoSource(values: SettingValues, source: string): void {
  const misplaced = ['CONFIG_URL', 'CONFIG_TOKEN'].filter((name) => Object.hasOwn(values, name))
  if (misplaced.length === 0) return
  throw new ConfigurationError(misplaced.map((name) => `${name} can be set in the environment alone (in ${source})`))
}

/** Adds the source to the problems of its settings. */
const locate = ({ problems }: ConfigurationError, isThere: (name: string) => boolean, source: string) =>
  new ConfigurationError(
    problems.map((problem) => (isThere(problem.split(' ', 1)[0] ?? '') ? `${problem} (in ${source})` : problem)),
  )

/** The names of settings whose texts differ. */
function differences({ watched: { variables, asked } }: Reading, { watched: other }: Reading): readonly string[] {
  return [...asked].filter((name) => variables[name]?.trim() !== other.variables[name]?.trim())
}

const pick = (values: SettingValues, isPicked: (name: string) => boolean): SettingValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => isPicked(name)))

const liveValues = (config: Config): LiveValues =>
  Object.fromEntries(Object.entries(LIVE).map(([name, valueIn]) => [name, valueIn(config)])) as LiveValues

const liveSettings = (values: Live<LiveValues>): LiveSettings =>
  Object.fromEntries(Object.keys(LIVE).map((name) => [name, () => values()[name as keyof LiveValues]])) as LiveSettings
