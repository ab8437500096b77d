import type { SourceFile } from '../../tests/architecture/source-file.ts'

/** Where a noun is named besides its own files. */
export type Cost = Readonly<{
  noun: string
  /** Files that belong to no noun: adding or deleting the noun requires editing them. */
  shared: readonly string[]
  /** Files of other nouns, which refer to this one. */
  related: readonly string[]
}>

/**
 * What looks alike: the comment of a language, the method of a request, a message to a thread, a setting of Redis, the user of a
 * database, or the one who sent a request; a word of OpenFGA.
 */
const ALIKE: Readonly<Record<string, RegExp>> = {
  comment: /^COMMENT$/,
  post: /^(?:post|postMessage)$/i,
  notification: /^maintNotifications$/,
  user: /\s|:|^(?:per|findBy|tcp_)?user(?:_?id|Code|_timeout|AuthenticationExpiredError)?$|^user\.id$|^directly_related_user_types$/i,
}

/** Counts for each noun the files that name it, outside those whose own name or folder carries it. Comments do not count. */
export function costsOf(nouns: readonly string[], files: readonly SourceFile[]): readonly Cost[] {
  const ownerOf = (path: string) => nouns.find((noun) => carries(path, noun))

  return nouns.map((noun) => {
    const naming = files.filter((file) => !carries(file.path, noun) && names(file, noun)).map(({ path }) => path)
    return {
      noun,
      shared: naming.filter((path) => ownerOf(path) === undefined),
      related: naming.filter((path) => ownerOf(path) !== undefined),
    }
  })
}

/** What is above its limit, one sentence each; `most` holds for nouns without a limit of their own. */
export const complaintsOf = (
  costs: readonly Cost[],
  limits: Readonly<Record<string, number>>,
  most: number,
): readonly string[] =>
  costs.flatMap(({ noun, shared }) => {
    const limit = limits[noun] ?? most
    return shared.length > limit ? [`${noun}: ${shared.length} shared files name it, at most ${limit} may`] : []
  })

/** `entities/post.ts`, `post-text.ts`, `usecases/posts/…`, but also `list-posts.ts`. */
const carries = (path: string, noun: string): boolean =>
  path.split('/').some((part) => wordsOf(part).some((word) => isNoun(word, noun)))

const names = ({ tokens }: SourceFile, noun: string): boolean =>
  tokens.some(
    ({ kind, text }) =>
      (kind === 'word' || kind === 'string') &&
      !ALIKE[noun]?.test(text) &&
      wordsOf(text).some((word) => isNoun(word, noun)),
  )

const isNoun = (word: string, noun: string): boolean => word === noun || word === `${noun}s`

/** `wakingPostFeed` and `waking-post-feed` are three words. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
