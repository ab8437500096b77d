/** Wakes one who waits. No ring is missed: one that comes while nobody waits ends the next wait at once. */
export function createAutoResetEvent() {
  let isSet = false
  let wakeUp = (): void => {}

  return {
    set(): void {
      isSet = true
      wakeUp()
    },

    /** Resolves when it rings, if it rang since the last wait, or with what `orElse` begins. */
    async wait(orElse?: () => Promise<unknown>): Promise<void> {
      const signalled = new Promise<void>((resolve) => {
        wakeUp = resolve
      })
      if (!isSet) await (orElse === undefined ? signalled : Promise.race([signalled, orElse()]))
      isSet = false
    },
  }
}
