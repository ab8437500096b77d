import type { Held, PermissionMirror, Standing, Thing } from '../../../domains/ports/permission-mirror.ts'
import type { Model } from './model.ts'
import type { Call } from './openfga-client.ts'
import type { Target } from './target.ts'
import { createTupleReader } from './tuple-reader.ts'
import { type Changes, createTupleWriter } from './tuple-writer.ts'
import { MIRRORED, type Tuple, textOf, tuplesOf } from './tuples.ts'

/** Keeps tuples equal to the store. Writing an existing tuple, or deleting a missing one, changes nothing. */
export function openFgaMirror(call: Call, target: () => Promise<Target>, model: Model): PermissionMirror {
  const read = createTupleReader(call, target)
  const write = createTupleWriter(call, target)

  /** All tuples with an object. */
  const on = async (thing: Thing) => (await Array.fromAsync(read({ object: nameOf(thing) }))).flat()

  /** All tuples in which an object is the user, if the model allows that for its type. */
  async function givenTo(thing: Thing): Promise<readonly Tuple[]> {
    const types = typesThatAdmit(model, thing.type)
    const pages = types.map((type) => Array.fromAsync(read({ user: nameOf(thing), object: `${type}:` })))
    return (await Promise.all(pages)).flat(2)
  }

  async function changesOf(thing: Thing, standing: Standing | null): Promise<Changes> {
    if (standing === null) {
      const [mine, given] = await Promise.all([on(thing), givenTo(thing)])
      return { writes: [], deletes: [...mine, ...given] }
    }
    const due = dueTo(thing, standing)
    if (due.length === 0) return { writes: [], deletes: [] }
    const kept = (await on(thing)).filter(({ relation }) => MIRRORED.includes(relation))
    return { writes: without(due, kept), deletes: without(kept, due) }
  }

  return {
    set: async (thing, standing) => write(await changesOf(thing, standing)),

    async differences(thing, standing) {
      const { writes, deletes } = await changesOf(thing, standing)
      return [
        ...writes.map((tuple) => ({ kind: 'missing', permission: textOf(tuple) }) as const),
        ...deletes.map((tuple) => ({ kind: 'left over', permission: textOf(tuple) }) as const),
      ]
    },

    due: (thing, standing) => dueTo(thing, standing).map(textOf),

    async *held() {
      for await (const tuples of read()) yield tuples.map(heldBy)
    },
  }
}

const dueTo = (thing: Thing, { ownerId }: Standing): readonly Tuple[] =>
  ownerId === null ? [] : tuplesOf(nameOf(thing), { ownerId })

const heldBy = (tuple: Tuple): Held => ({
  permission: MIRRORED.includes(tuple.relation) ? textOf(tuple) : null,
  on: thingOf(tuple.object),
  to: thingOf(tuple.user),
})

const nameOf = ({ type, id }: Thing): string => `${type}:${id}`

/** Of `user:1`, and of `group:1#member`. */
function thingOf(name: string): Thing {
  const [, type = '', id = ''] = /^([^:]*):([^#]*)/.exec(name) ?? []
  return { type, id }
}

function without(tuples: readonly Tuple[], others: readonly Tuple[]): readonly Tuple[] {
  const texts = new Set(others.map(textOf))
  return tuples.filter((tuple) => !texts.has(textOf(tuple)))
}

/** The types of objects on which a type may be a user. */
const typesThatAdmit = ({ type_definitions }: Model, admitted: string): readonly string[] =>
  type_definitions
    .filter(({ metadata }) =>
      Object.values(metadata?.relations ?? {}).some(({ directly_related_user_types }) =>
        directly_related_user_types.some(({ type }) => type === admitted),
      ),
    )
    .map(({ type }) => type)
