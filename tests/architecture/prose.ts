/** A file of the service, of tests or of the bench, by its path from the root. */
export type Prose = Readonly<{ path: string; text: string }>

/** Words that hide who acts, or that a reader would have to learn here, and what to say instead. */
const RETIRED: readonly (readonly [RegExp, string])[] = [
  [/\bwhoever\b/i, 'the caller, the client, the consumer'],
  [/\bnobody\b(?! may)/i, 'no caller, no client, no request'],
  [/\b(?:is|are|was|were|be|been|being) told\b/i, 'gets, is logged, is answered'],
  [/\b(?:hears?|heard) (?:of|from|about|what|nothing)\b|\bis heard\b/i, 'receives, consumes'],
  [/\btells? (?:of|nobody|nothing)\b/i, 'notifies, reports, shows'],
  [/\bat hand\b/i, 'current, cached'],
  [/\bannounce(?:s|d|ment|ments)?\b/i, 'adds an event, publishes'],
  [/\bbells?\b/i, 'event, signal'],
  [/\blanes?\b/i, 'connection, queue'],
  [/\bdebts?\b/i, 'pending invalidation'],
  [/\beras?\b/i, 'version of a namespace'],
  [/\bcontenders?\b/i, 'candidate'],
]

const REMARK = /\/\*\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*/gm
const TITLE = /\b(?:describe|it|test)\(\s*(?:'([^'\n]*)'|"([^"\n]*)"|`([^`\n]*)`)/g

/** What to say instead of the retired words in a text, word by word. */
export const retiredWordsIn = (text: string): readonly string[] =>
  RETIRED.flatMap(([word, instead]) => {
    const [found] = word.exec(text) ?? []
    return found === undefined ? [] : [`${found}: say ${instead}`]
  })

/** The retired words in titles of tests, in remarks of `src`, and anywhere in the bench, as `path: text: what to say instead`. */
export function retiredProse({ path, text }: Prose): readonly string[] {
  const lines = path.startsWith('bench/')
    ? text.split('\n')
    : path.startsWith('src/')
      ? remarksOf(text)
      : titlesOf(text)
  return lines.flatMap((line) => retiredWordsIn(line).map((complaint) => `${path}: ${line.trim()}: ${complaint}`))
}

/** The remarks in code, each in one line. */
const remarksOf = (text: string): readonly string[] =>
  [...text.matchAll(REMARK)].map(([remark]) => remark.replaceAll(/\s*\n\s*\*?\s*/g, ' '))

const titlesOf = (text: string): readonly string[] =>
  [...text.matchAll(TITLE)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replace(/\$\{[^}]*\}/g, '…'),
  )
