const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Resolves at the first request to stop; the second one ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let isStopping = false

  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (isStopping) process.exit(code)
      isStopping = true
      resolve(signal as NodeJS.Signals)
    })
  }
  return promise
}
