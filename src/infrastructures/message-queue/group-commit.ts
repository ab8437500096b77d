type Waiting<Item> = Readonly<{ item: Item; resolve: () => void; reject: (cause: unknown) => void }>

/**
 * Runs `work` for one group of items after the other; all that come meanwhile are the next group. What it returns
 * resolves, or rejects, with the group of its item.
 */
export function groupCommit<Item>(work: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await work(group.map(({ item }) => item)).then(
        () => group.forEach(({ resolve }) => void resolve()),
        (cause) => group.forEach(({ reject }) => void reject(cause)),
      )
    }
    isRunning = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isRunning) void run()
    })
}
