import type { Difference, PermissionMirror, Thing } from '../ports/permission-mirror.ts'
import type { Store } from '../ports/store.ts'
import { pagesOf } from './pages-of.ts'
import type { PermissionSource, PermissionSync } from './permission-sync.ts'

/** How many objects are compared at a time. */
const PAGE = 50

type Needs = Readonly<{
  store: Store
  mirror: PermissionMirror
  sources: readonly PermissionSource[]
  sync: PermissionSync
}>

/** Called once for each difference. */
type Options = Readonly<{ repairs: boolean; onDifference: (difference: Difference) => void }>

/**
 * Compares all permissions in an engine with the store, both ways, and repairs the differences if wanted. The service may
 * run meanwhile: each difference is checked twice. Returns how many objects were compared.
 */
export async function rebuildPermissions(needs: Needs, { repairs, onDifference }: Options): Promise<number> {
  const { store, mirror, sources, sync } = needs
  const told = new Set<string>()
  let compared = 0

  async function differencesOf(source: PermissionSource, thing: Thing): Promise<readonly Difference[]> {
    return mirror.differences(thing, await source.standing(store, thing.id))
  }

  async function compare(source: PermissionSource, thing: Thing): Promise<void> {
    compared++
    if ((await differencesOf(source, thing)).length === 0) return
    const differences = await differencesOf(source, thing)
    for (const difference of differences) {
      if (!told.has(difference.permission)) onDifference(difference)
      told.add(difference.permission)
    }
    if (repairs && differences.length > 0) await sync.follow(thing)
  }

  /** The objects that only the engine names; the others come from the store. */
  async function compareIfGone({ type, id }: Thing): Promise<void> {
    const source = sources.find((one) => one.type === type)
    if (source !== undefined && (await source.standing(store, id)) === null) await compare(source, { type, id })
  }

  for await (const things of mirror.things()) {
    for (const portion of portionsOf(things)) await Promise.all(portion.map(compareIfGone))
  }
  for (const source of sources) {
    for await (const things of ownedBy(source, store)) await Promise.all(things.map((thing) => compare(source, thing)))
  }
  return compared
}

function* portionsOf(things: readonly Thing[]): Generator<readonly Thing[]> {
  for (let at = 0; at < things.length; at += PAGE) yield things.slice(at, at + PAGE)
}

/** All objects of a type that have an owner, oldest first. */
async function* ownedBy({ type, owned }: PermissionSource, store: Store): AsyncGenerator<readonly Thing[]> {
  if (owned === undefined) return
  for await (const page of pagesOf(owned(store), PAGE)) yield page.map(({ id }) => ({ type, id }))
}
