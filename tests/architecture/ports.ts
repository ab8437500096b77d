import type { SourceFile } from './source-file.ts'

const PORT = /^domains\/ports\//
const NEEDS_PORTS = /^(?:domains\/(?!ports\/)|controllers\/)/

/** Ports of the domain that neither it nor a controller asks for, not even through another port. */
export function unneededPorts(files: readonly SourceFile[]): readonly string[] {
  const importsOf = new Map(
    files.map(({ path, targets }) => [
      path,
      targets.flatMap((target) => (target.kind === 'file' ? [target.path] : [])),
    ]),
  )
  const needed = new Set(
    files.filter(({ path }) => NEEDS_PORTS.test(path)).flatMap(({ path }) => importsOf.get(path) ?? []),
  )
  for (const path of needed) if (PORT.test(path)) for (const other of importsOf.get(path) ?? []) needed.add(other)
  return [...importsOf.keys()].filter((path) => PORT.test(path) && !needed.has(path))
}
