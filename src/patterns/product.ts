/** What this service shares with its neighbours begins with this: audience, topics, keys of a shared cache. */
const NAMESPACE = 'clean-architecture'

/** What it calls itself: in logs, metrics and titles, and to servers. */
const SERVICE = 'forum'

/**
 * The product's name has this one place. Files that cannot read it are changed, with the two lines above, by
 * `npm run rename -- <name>`; a test compares them.
 */
export const PRODUCT = Object.freeze({
  namespace: NAMESPACE,
  service: SERVICE,
  title: titleOf(SERVICE),
  /** What the names of its metrics begin with. */
  metrics: `${SERVICE.replaceAll('-', '_')}_`,
  /** Who signs people in on the documentation pages, and who asks for tokens on the command line. */
  docsClient: `${SERVICE}-docs`,
  commandLineClient: `${SERVICE}-command-line`,
})

/** A name as a heading: without hyphens, each word with a capital letter. */
export function titleOf(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (letters) => letters.toUpperCase().replace('-', ' '))
}
