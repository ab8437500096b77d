/**
 * Runs tasks with the same key one after the other, in the order of their calls. Of two transactions that write the same
 * document, the server aborts one; this avoids that within this process.
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
