/** That all tests of a file passed with a server, as the server reports itself, and when they last did. */
export type Pass = Readonly<{ engine: string; server: string; file: string; day: string }>

/** One line for each, in `docs/engines.tsv`. */
export const parsePasses = (text: string): readonly Pass[] =>
  text.split('\n').flatMap((line) => {
    const [engine, server, file, day] = line.split('\t')
    return engine && server && file && day ? [{ engine, server, file, day }] : []
  })

export const formatPasses = (passes: readonly Pass[]): string =>
  passes.map(({ engine, server, file, day }) => `${[engine, server, file, day].join('\t')}\n`).join('')

/** Those that were known and those of a run, of which the latter count; files that are gone prove nothing. */
export function mergePasses(
  known: readonly Pass[],
  added: readonly Pass[],
  isThere: (file: string) => boolean,
): readonly Pass[] {
  const latest = new Map([...known, ...added].map((pass) => [keyOf(pass), pass]))
  return [...latest.keys()]
    .toSorted()
    .flatMap((key) => latest.get(key) ?? [])
    .filter(({ file }) => isThere(file))
}

const keyOf = ({ engine, server, file }: Pass): string => [engine, server, file].join('\t')

/** A file of tests that asked for an engine: for the shared one, or for a server that it starts itself. */
export type Ask = Readonly<{ engine: string; whose: string; file: string }>

/** What `skipWithout` has noted; helpers that tests run as processes of their own are no files of tests. */
export const parseAsks = (text: string): readonly Ask[] =>
  text.split('\n').flatMap((line) => {
    const [engine = '', whose = '', path = ''] = line.split('\t')
    return parseFiles(path).map((file) => ({ engine, whose, file }))
  })

/** Paths of files of tests, one a line, as `contracts/nats-queue`. */
export const parseFiles = (text: string): readonly string[] =>
  text.split('\n').flatMap((path) => {
    const [, file] = /(?:^|[/\\])tests[/\\](.+)\.test\.ts$/.exec(path) ?? []
    return file?.replaceAll('\\', '/') ?? []
  })
