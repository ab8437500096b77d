import type { SettingsSource } from './settings-source.ts'

export type SettingsChoice =
  | Readonly<{ kind: 'file'; path: string }>
  | Readonly<{ kind: 'consul'; url: string; prefix: string }>

type Options = Readonly<{ token: string | null }>

/** Opens the chosen source of settings. What it needs is loaded only where it is used. */
export async function openSettingsSource(choice: SettingsChoice, { token }: Options): Promise<SettingsSource> {
  switch (choice.kind) {
    case 'file':
      return (await import('./file/file-source.ts')).fileSource(choice.path)
    case 'consul':
      return (await import('./consul/consul-source.ts')).consulSource({ ...choice, token })
  }
}

/** What a person calls it: without credentials, as there are none. */
export const sourceName = (choice: SettingsChoice): string =>
  choice.kind === 'file' ? choice.path : `Consul, ${new URL(choice.url).host}/${choice.prefix}`
