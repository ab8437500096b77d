/**
 * Awaits two tasks that already run side by side, and tells the first one's failure before the second one's.
 * So a check and the work that it guards cost one round trip, and the caller hears of the check first.
 */
export async function runGuarded<Result>(check: Promise<unknown>, work: Promise<Result>): Promise<Result> {
  work.catch(() => {})
  await check
  return work
}
