/**
 * Fills in what a schema has under `documented`: what is judged by an entity, a cursor or a precondition, which refuse in
 * words and with codes of their own, and of which the document can say beforehand what they will refuse.
 */
export function withDocumented(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withDocumented)
  if (typeof node !== 'object' || node === null) return node
  const { documented = {}, ...rest } = node as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries({ ...rest, ...(documented as object) }).map(([k, v]) => [k, withDocumented(v)]),
  )
}
