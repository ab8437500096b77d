/**
 * Adds to the document what a schema has under `documented`: constraints that the validator leaves to an entity, a cursor or a
 * precondition, because those refuse a value with codes and messages of their own.
 */
export function withDocumented(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withDocumented)
  if (typeof node !== 'object' || node === null) return node
  const { documented = {}, ...rest } = node as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries({ ...rest, ...(documented as object) }).map(([k, v]) => [k, withDocumented(v)]),
  )
}
