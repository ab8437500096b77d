import type { PermissionMirror, Standing, Thing } from '../../src/domains/ports/permission-mirror.ts'

const nameOf = ({ type, id }: Thing): string => `${type}:${id}`

const thingOf = (name: string): Thing => ({ type: name.replace(/:.*/, ''), id: name.replace(/.*:/, '') })

const dueTo = (name: string, { ownerId }: Standing): readonly string[] => [
  `user:${ownerId} owner ${name}`,
  `system:forum system ${name}`,
]

/** An engine in memory. Its permissions are texts as those of OpenFGA, such as `user:1 owner thing:2`. */
export function memoryMirror() {
  const kept = new Set<string>()

  function changes(thing: Thing, standing: Standing | null) {
    const name = nameOf(thing)
    if (standing?.ownerId === null) return { missing: [], leftOver: [] }
    const due = standing === null ? [] : dueTo(name, standing)
    const mine = [...kept].filter((text) => {
      const [to = '', as = '', on] = text.split(' ')
      return standing === null ? [to, on].includes(name) : on === name && ['owner', 'system'].includes(as)
    })
    return { missing: due.filter((text) => !kept.has(text)), leftOver: mine.filter((text) => !due.includes(text)) }
  }

  const mirror: PermissionMirror = {
    async set(thing, standing) {
      const { missing, leftOver } = changes(thing, standing)
      for (const text of leftOver) kept.delete(text)
      for (const text of missing) kept.add(text)
    },

    async differences(thing, standing) {
      const { missing, leftOver } = changes(thing, standing)
      return [
        ...missing.map((permission) => ({ kind: 'missing', permission }) as const),
        ...leftOver.map((permission) => ({ kind: 'left over', permission }) as const),
      ]
    },

    due: (thing, standing) => (standing.ownerId === null ? [] : dueTo(nameOf(thing), standing)),

    async *held() {
      for (const text of [...kept]) {
        const [to = '', as = '', on = ''] = text.split(' ')
        yield [{ permission: ['owner', 'system'].includes(as) ? text : null, on: thingOf(on), to: thingOf(to) }]
      }
    },
  }
  return { mirror, give: async (text: string) => void kept.add(text), kept: async () => [...kept].sort() }
}
