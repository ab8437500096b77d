import { readFileSync } from 'node:fs'

/** The one example of a language on a page below `docs`, so that a test proves what it says. */
export function documented(page: string, language: string): string {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const [example, ...others] = [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))]
  if (example?.[1] === undefined || others.length > 0) throw new Error(`${page} has not one example of ${language}.`)
  return example[1]
}
