import type { Difference, PermissionMirror, Standing, Thing } from '../ports/permission-mirror.ts'
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
 * Compares all permissions in an engine with the store, both ways, and repairs the differences if wanted. It reads the
 * engine once, and again only about what looks different; so it keeps a number for each object that has permissions, some
 * 100 bytes. The service may run meanwhile: each difference is checked twice. Returns how many objects were compared.
 */
export async function rebuildPermissions(needs: Needs, options: Options): Promise<number> {
  const { store, mirror, sources } = needs
  const compare = comparison(needs, options)
  const gone = new Set<string>()
  /** How many permissions that follow from the store the engine has on an object. */
  const found = new Map<string, number>()
  let owned = 0

  /** Compares an object that is gone, or on which there is a permission that does not follow from its state. */
  async function compareHeld(thing: Thing, permission: string | null): Promise<void> {
    const [source, name] = [sources.find(({ type }) => type === thing.type), nameOf(thing)]
    if (source === undefined || gone.has(name)) return
    const standing = await source.standing(store, thing.id)
    if (standing === null) {
      gone.add(name)
      await compare(source, thing)
    } else if (permission !== null) {
      if (mirror.due(thing, standing).includes(permission)) found.set(name, (found.get(name) ?? 0) + 1)
      else await compare(source, thing)
    }
  }

  async function compareOwned(source: PermissionSource, thing: Thing, standing: Standing): Promise<void> {
    owned++
    if (found.get(nameOf(thing)) !== mirror.due(thing, standing).length) await compare(source, thing)
  }

  for await (const held of mirror.held()) {
    for (const portion of portionsOf(held)) {
      await Promise.all(
        portion.flatMap(({ permission, on, to }) => [compareHeld(on, permission), compareHeld(to, null)]),
      )
    }
  }
  for (const source of sources) {
    if (source.owned === undefined) continue
    for await (const page of pagesOf(source.owned(store), PAGE)) {
      await Promise.all(page.map((item) => compareOwned(source, { type: source.type, id: item.id }, item)))
    }
  }
  return owned + gone.size
}

/** Tells how the permissions of an object differ from its state in the store, each difference once, and repairs them. */
function comparison({ store, mirror, sync }: Needs, { repairs, onDifference }: Options) {
  const told = new Set<string>()

  const differencesOf = async (source: PermissionSource, thing: Thing): Promise<readonly Difference[]> =>
    mirror.differences(thing, await source.standing(store, thing.id))

  return async (source: PermissionSource, thing: Thing): Promise<void> => {
    if ((await differencesOf(source, thing)).length === 0) return
    const differences = await differencesOf(source, thing)
    for (const difference of differences) {
      if (!told.has(difference.permission)) onDifference(difference)
      told.add(difference.permission)
    }
    if (repairs && differences.length > 0) await sync.follow(thing)
  }
}

const nameOf = ({ type, id }: Thing): string => `${type}:${id}`

function* portionsOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE)
}
