import { Type } from 'typebox'

/** White space, control and format characters, one by one: few tools know classes of Unicode by their names. */
const INVISIBLE =
  '\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890-\\u0891\\u08e2\\u1680\\u180e\\u2000-\\u200f' +
  '\\u2028-\\u202f\\u205f-\\u2064\\u2066-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb' +
  '\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}'

/**
 * The text of an entity, which judges it. Its limit holds after trimming, which no schema can say: of what has white space
 * around it, the document allows less than is taken.
 */
export const Text = (limit: number) =>
  Type.String({
    description: `1 to ${limit.toLocaleString('en')} characters after trimming, some of them visible, without NUL`,
    documented: { minLength: 1, maxLength: limit, pattern: `^[^\\u0000]*[^${INVISIBLE}][^\\u0000]*$` },
  })
