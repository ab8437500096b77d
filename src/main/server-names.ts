import { ServerSetupError } from '../infrastructures/connection/server-setup-error.ts'
import { firstServer, serverHosts, serverPlaces } from '../infrastructures/connection/server-urls.ts'

type Choice = Readonly<{ kind: string; url?: string }>

/** The address of a server, or of several, with its setting: `mq:5672 (QUEUE_URL)`. */
export const hostAndSetting = (setting: string, { url }: Choice): string =>
  url === undefined ? setting : `${serverHosts(url)} (${setting})`

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
    const place = `${firstServer(url).protocol}//${serverPlaces(url)}`
    throw new ServerSetupError(`${setting} ${place}: ${error.message}`, error.hint, { cause: error })
  }
}
