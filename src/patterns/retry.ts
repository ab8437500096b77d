export type Retry = Readonly<{
  attempts: number
  /** Upper bound of the pause before the second attempt, in milliseconds; it doubles with each further one. */
  minBackoffMs: number
  sleep: (milliseconds: number) => Promise<void>
  random: () => number
}>

/**
 * Runs `task` until it succeeds, fails with an error that `isTransient` denies, or has been tried `attempts` times;
 * then it throws the last error. The back-off is random below a doubling bound ("full jitter", AWS Architecture
 * Blog, 2015), so that tasks that collided do not collide again.
 */
export async function retry<Result>(
  task: () => Promise<Result>,
  isTransient: (error: unknown) => boolean,
  { attempts, minBackoffMs, sleep, random }: Retry,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task()
    } catch (error) {
      if (attempt >= attempts || !isTransient(error)) throw error
      await sleep(random() * minBackoffMs * 2 ** (attempt - 1))
    }
  }
}
