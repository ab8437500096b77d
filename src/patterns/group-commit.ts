type Waiting<Item> = Readonly<{ item: Item; resolve: () => void; reject: (cause: unknown) => void }>

/**
 * Runs `work` for one group of items after the other: a group is all that came until `schedule` ran its callback, which is called
 * when the group before is done. What `work` returns resolves, or rejects, with the group of its item.
 */
export function groupCommit<Item>(
  work: (items: readonly Item[]) => Promise<void>,
  schedule: (run: () => void) => void,
): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = []
  let isRunning = false

  async function run(): Promise<void> {
    const group = waiting
    waiting = []
    await work(group.map(({ item }) => item)).then(
      () => group.forEach(({ resolve }) => void resolve()),
      (cause) => group.forEach(({ reject }) => void reject(cause)),
    )
    isRunning = waiting.length > 0
    if (isRunning) schedule(run)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isRunning) schedule(run)
      isRunning = true
    })
}
