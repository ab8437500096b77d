import type { SourceFile } from './source-file.ts'

/** What is proved of stores, caches and queues, and the library on which it is; but not what is proved of the sample. */
const PROOF = /^tests\/(?:contracts\/(?!forum\/)|kit\/library\/)/

/** Whatever goes when the sample is deleted: its nouns, and what lists or uses them. */
const SAMPLE = [
  /(?:^|\/)(?:posts?|comments?|notifications?|users?)(?:[-./]|$)/,
  /^src\/domains\/(?:services|usecases)\//,
  /^src\/domains\/ports\/(?:store|unit-of-work)\.ts$/,
  /^src\/infrastructures\/store\/aggregates\//,
  /^src\/controllers\//,
  /^tests\/(?:fixtures\.ts$|kit\/forum-|contracts\/forum\/)/,
]

/** Where proofs reach the sample, themselves or through other files of the tests, as `file imports file`. */
export function reachesOfTheSample(files: readonly SourceFile[]): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]))
  const reached = new Set(files.map(({ path }) => path).filter((path) => PROOF.test(path)))
  const reaches: string[] = []

  for (const path of reached) {
    for (const target of known.get(path)?.targets ?? []) {
      if (target.kind !== 'file') continue
      if (SAMPLE.some((pattern) => pattern.test(target.path))) reaches.push(`${path} imports ${target.path}`)
      else if (known.has(target.path)) reached.add(target.path)
    }
  }
  return reaches
}
