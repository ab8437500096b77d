/** Settings as text, by their names. */
export type SettingValues = Readonly<Record<string, string>>

export type SettingsListener = Readonly<{
  onValues: (values: SettingValues) => void
  onFailure: (error: unknown) => void
}>

/** Where settings stand beside the environment. */
export type SettingsSource = Readonly<{
  /** What it says now. @throws {UnusableSource}, or why it does not answer */
  read: () => Promise<SettingValues>

  /** Tells what it says at first, after each change and more often, and each time that it cannot be read. */
  watch: (listener: SettingsListener, stopped: AbortSignal) => void
}>

/** What is there are no settings, or not for us: no later attempt does better until an operator acts. Tells no value. */
export class UnusableSource extends Error {}

/** There is not one setting, or they are hidden from us. */
export class NoSettings extends UnusableSource {}
