type Json = Readonly<Record<string, unknown>>

/** Moves every schema with a title to `components`, and replaces it by a reference. */
export function shareTitledSchemas(paths: Json): Readonly<{ paths: Json; schemas: Json }> {
  const schemas: Record<string, unknown> = {}

  const share = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(share)
    if (typeof node !== 'object' || node === null) return node
    const shared: Json = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, shareAt(key, value)]))
    const { title } = shared
    if (typeof title !== 'string') return shared
    schemas[title] = shared
    return { $ref: `#/components/schemas/${title}` }
  }

  const shareAt = (key: string, value: unknown): unknown => (/^examples?$/.test(key) ? value : share(value))

  return { paths: share(paths) as Json, schemas }
}
