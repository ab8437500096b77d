/** The prefix of the names that this service uses where others may too: audience, topics, keys of a shared cache. */
const NAMESPACE = 'clean-architecture'

/** The name of the service in logs, metrics and titles, and for the servers that it connects to. */
const SERVICE = 'forum'

/**
 * The product's name has this one place. Files that cannot read it are changed, with the two lines above, by
 * `npm run rename -- <name>`; a test compares them.
 */
export const PRODUCT = Object.freeze({
  namespace: NAMESPACE,
  service: SERVICE,
  title: titleOf(SERVICE),
  /** The prefix of its metrics. */
  metrics: `${SERVICE.replaceAll('-', '_')}_`,
  /** The OIDC clients of the documentation pages and of the command line. */
  docsClient: `${SERVICE}-docs`,
  commandLineClient: `${SERVICE}-command-line`,
})

/** A name as a heading: without hyphens, each word with a capital letter. */
export function titleOf(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (letters) => letters.toUpperCase().replace('-', ' '))
}
