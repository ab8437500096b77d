type Test<State> = (state: State) => boolean | Promise<boolean>

/** Gives a unit of work the sight of its own changes to one kind of aggregate, before they are sent. */
export function ownChanges<Id, State>() {
  const changed = new Map<Id, State | null>()
  const hidden: Test<State>[] = []

  return {
    /** From now on `id` is in this state, or gone. */
    set(id: Id, state: State | null): void {
      changed.set(id, state)
    },

    /** From now on whatever passes the test is gone. */
    hide(test: Test<State>): void {
      hidden.push(test)
    },

    /** The state as this unit sees it; what is `kept` counts for nothing once the unit changed it. */
    async over(id: Id, kept: () => Promise<State | null>): Promise<State | null> {
      const own = changed.get(id)
      const state = own === undefined ? await kept() : own
      for (const isGone of hidden) if (state !== null && (await isGone(state))) return null
      return state
    },
  }
}
