/** Finds one by its id, or throws what its kind says of one that is missing. */
export const required =
  <Id, State>(find: (id: Id) => Promise<State | null>, Missing: new () => Error) =>
  async (id: Id): Promise<State> => {
    const found = await find(id)
    if (found === null) throw new Missing()
    return found
  }
