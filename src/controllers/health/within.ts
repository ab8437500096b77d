/** What a task gives, if it does so in time. @throws {Error} when it fails, or is late */
export async function within<Outcome>(milliseconds: number, task: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('too late')), milliseconds)
  try {
    return await Promise.race([task(), late])
  } finally {
    clearTimeout(timer)
  }
}
