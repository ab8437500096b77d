type Waiting<Item> = Readonly<{ item: Item; resolve: () => void; reject: (cause: unknown) => void }>

/**
 * Runs `work` for one group of items after the other. A group consists of all items that arrived until `schedule` ran its callback,
 * which it gets when the previous group is done. The promise of an item settles with its group.
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
