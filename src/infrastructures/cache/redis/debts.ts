import { familyOf } from '../cache.ts'

export type Debt = Readonly<{ keys: readonly string[]; families: readonly string[] }>

/** More keys than this are told as their families, which is to forget more than was asked for. */
const MOST_KEYS = 10_000

export const compacted = ({ keys, families }: Debt): Debt =>
  keys.length <= MOST_KEYS ? { keys, families } : { keys: [], families: [...families, ...keys.map(familyOf)] }

/** What is to be forgotten and could not be told yet. However long that lasts, it does not grow beyond a bound. */
export function openDebts() {
  const keys = new Set<string>()
  const families = new Set<string>()

  function add(debt: Debt): void {
    for (const key of debt.keys) keys.add(key)
    for (const family of debt.families) families.add(family)
    if (keys.size <= MOST_KEYS) return
    for (const key of keys) families.add(familyOf(key))
    keys.clear()
  }

  return {
    add,

    isEmpty: (): boolean => keys.size + families.size === 0,

    /** What could not be told stays. */
    async settle(tell: (debt: Debt) => Promise<void>): Promise<void> {
      const told = { keys: [...keys], families: [...families] }
      keys.clear()
      families.clear()
      try {
        await tell(told)
      } catch (error) {
        add(told)
        throw error
      }
    },
  }
}
