import { ServerSetupError } from '../infrastructures/connection/server-setup-error.ts'

type Choice = Readonly<{ kind: string; url?: string }>

/** The address of a server, with its setting: `mq:5672 (QUEUE_URL)`. */
export const hostAndSetting = (setting: string, { url }: Choice): string =>
  url === undefined ? setting : `${new URL(url).host} (${setting})`

/** Opens the server of a setting. @throws {ServerSetupError} with the setting and the address, without the credentials */
export async function withSetting<Opened>(
  setting: string,
  { url }: Choice,
  open: () => Promise<Opened>,
): Promise<Opened> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof ServerSetupError) || url === undefined) throw error
    const { protocol, host, pathname } = new URL(url)
    throw new ServerSetupError(`${setting} ${protocol}//${host}${pathname}: ${error.message}`, error.hint, {
      cause: error,
    })
  }
}
