/** Settings as text, by their names. */
export type SettingValues = Readonly<Record<string, string>>

export type SettingsListener = Readonly<{
  onValues: (values: SettingValues) => void
  onFailure: (error: unknown) => void
}>

/** A source of settings besides the environment. */
export type SettingsSource = Readonly<{
  /** The current values. @throws {UnusableSource}, or the reason why the source does not answer */
  read: () => Promise<SettingValues>

  /** Calls the listener with the first values, after each change or more often, and with each failure. */
  watch: (listener: SettingsListener, stopped: AbortSignal) => void
}>

/** The source has no readable settings for this service: retries fail until an operator acts. The message has no value. */
export class UnusableSource extends Error {}

/** The source is empty, or the token may not read any setting. */
export class NoSettings extends UnusableSource {}
