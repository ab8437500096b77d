/**
 * Lets tasks that share a key follow each other, in the order of their calls. The server makes one of two transactions that
 * write the same document give way; those of this process need not even try.
 */
export function createKeyMutex() {
  const last = new Map<string, Promise<unknown>>()

  return async function exclusively<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> {
    const running = Promise.all(keys.map((key) => last.get(key))).then(task)
    const ended = running.catch(() => {})
    for (const key of keys) last.set(key, ended)
    try {
      return await running
    } finally {
      for (const key of keys) if (last.get(key) === ended) last.delete(key)
    }
  }
}
