import type { SettingsSource } from './settings-source.ts'

export type SettingsChoice =
  | Readonly<{ kind: 'file'; path: string }>
  | Readonly<{ kind: 'consul'; url: string; prefix: string }>

type Options = Readonly<{ token: string | null }>

/** Opens the configured source of settings, and loads only its adapter. */
export async function openSettingsSource(choice: SettingsChoice, { token }: Options): Promise<SettingsSource> {
  switch (choice.kind) {
    case 'file':
      return (await import('./file/file-source.ts')).fileSource(choice.path)
    case 'consul':
      return (await import('./consul/consul-source.ts')).consulSource({ ...choice, token })
  }
}

/** The name of the source, for people. */
export const sourceName = (choice: SettingsChoice): string =>
  choice.kind === 'file' ? choice.path : `Consul, ${new URL(choice.url).host}/${choice.prefix}`
