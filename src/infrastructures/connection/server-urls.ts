import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'

const FORM = /^(?<before>[a-z]+:\/\/(?:[^@/?#]*@)?)(?<hosts>[^@/?#]+)(?<after>[/?#].*)?$/

/** The servers of a cluster, one URL each: `amqp://user:password@a:5672,b:5672/vhost` names two. */
export function serverUrls(text: string): readonly string[] {
  const { before, hosts, after = '' } = FORM.exec(text)?.groups ?? {}
  return hosts === undefined ? [text] : hosts.split(',').map((host) => `${before}${host}${after}`)
}

/** The servers with their ports, for people; nothing secret. */
export const serverHosts = (text: string): string =>
  serverUrls(text)
    .map((url) => new URL(url).host)
    .join()

/** The same with what follows, for people; nothing secret. */
export const serverPlaces = (text: string): string => serverHosts(text) + firstServer(text).pathname

/** Whatever the servers of a URL have in common, such as its parameters, is found in the first. */
export const firstServer = (text: string): URL => new URL(serverUrls(text)[0] ?? text)

/**
 * Connects to the first of several servers that is there, beginning with the one of the last time.
 *
 * @throws what the last of them says, or at once what none of them can mend
 */
export function connectingToAny<Open>(text: string, connect: (url: string) => Promise<Open>): () => Promise<Open> {
  let urls = serverUrls(text)

  return async () => {
    let error: unknown
    for (const url of urls) {
      try {
        const open = await connect(url)
        urls = [url, ...urls.filter((other) => other !== url)]
        return open
      } catch (thrown) {
        if (!(thrown instanceof DependencyUnavailable)) throw thrown
        error = thrown
      }
    }
    throw error
  }
}
