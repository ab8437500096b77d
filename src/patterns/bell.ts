/** Wakes one who waits. No ring is missed: one that comes while nobody waits ends the next wait at once. */
export function createBell() {
  let hasRung = false
  let wakeUp = (): void => {}

  return {
    ring(): void {
      hasRung = true
      wakeUp()
    },

    /** Resolves when it rings, if it rang since the last wait, or with what `orElse` begins. */
    async wait(orElse?: () => Promise<unknown>): Promise<void> {
      const rung = new Promise<void>((resolve) => {
        wakeUp = resolve
      })
      if (!hasRung) await (orElse === undefined ? rung : Promise.race([rung, orElse()]))
      hasRung = false
    },
  }
}
