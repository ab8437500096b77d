/** Tasks that run later, unless they are all cancelled before. */
export function createDelayedTasks() {
  const timers = new Set<NodeJS.Timeout>()
  let isOver = false

  return {
    after(milliseconds: number, task: () => void): void {
      if (isOver) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        task()
      }, milliseconds)
      timers.add(timer)
    },

    cancelAll(): void {
      isOver = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
