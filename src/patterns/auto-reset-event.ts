/** Wakes one waiting task. No signal is lost: one that comes while no task waits ends the next wait at once. */
export function createAutoResetEvent() {
  let isSet = false
  let wakeUp = (): void => {}

  return {
    set(): void {
      isSet = true
      wakeUp()
    },

    /** Resolves when it is set, at once if it was set since the last wait, or when the promise of `orElse` resolves. */
    async wait(orElse?: () => Promise<unknown>): Promise<void> {
      const signalled = new Promise<void>((resolve) => {
        wakeUp = resolve
      })
      if (!isSet) await (orElse === undefined ? signalled : Promise.race([signalled, orElse()]))
      isSet = false
    },
  }
}
