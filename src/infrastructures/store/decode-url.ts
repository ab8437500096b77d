/** A part of a URL as it is meant: a `%` that encodes nothing as it stands. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
