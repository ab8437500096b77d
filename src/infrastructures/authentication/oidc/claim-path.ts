/** Reads a claim by its path: names, separated by dots. A name may contain dots itself, for example a URL. */
export type ClaimPath = (claims: unknown) => unknown

export const claimPath =
  (path: string): ClaimPath =>
  (claims) =>
    valueAt(claims, path.split('.'))

/** The longest name first, so that a claim whose whole name is the path wins. */
function valueAt(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0) return value
  if (typeof value !== 'object' || value === null) return undefined
  for (let count = names.length; count > 0; count--) {
    const name = names.slice(0, count).join('.')
    if (!Object.hasOwn(value, name)) continue
    const found = valueAt((value as Record<string, unknown>)[name], names.slice(count))
    if (found !== undefined) return found
  }
  return undefined
}
