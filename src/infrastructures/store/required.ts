/** Finds one by its id, or throws the error of its kind. */
export const required =
  <Id, State>(find: (id: Id) => Promise<State | null>, Missing: new () => Error) =>
  async (id: Id): Promise<State> => {
    const found = await find(id)
    if (found === null) throw new Missing()
    return found
  }
