type Test<State> = (state: State) => boolean | Promise<boolean>

/** Gives a unit of work the sight of its own changes to one kind of aggregate, before they are sent. */
export function ownChanges<Id, State>() {
  const changed = new Map<Id, Readonly<{ state: State | null; after: number }>>()
  const removedSets: Test<State>[] = []

  return {
    /** From now on `id` is in this state, or gone. */
    set(id: Id, state: State | null): void {
      changed.set(id, { state, after: removedSets.length })
    },

    /** From now on whatever passes the test is gone, until it is set again. */
    hide(test: Test<State>): void {
      removedSets.push(test)
    },

    /** The state as this unit sees it; what is `kept` counts for nothing once the unit changed it. */
    async over(id: Id, kept: () => Promise<State | null>): Promise<State | null> {
      const own = changed.get(id)
      const state = own === undefined ? await kept() : own.state
      for (const isGone of removedSets.slice(own?.after)) if (state !== null && (await isGone(state))) return null
      return state
    },
  }
}
