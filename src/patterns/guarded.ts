/**
 * Awaits two tasks that already run side by side. If both fail, it throws the failure of the first.
 * So a check and the work that it guards cost one round trip, and the caller gets the error of the check.
 */
export async function runGuarded<Result>(check: Promise<unknown>, work: Promise<Result>): Promise<Result> {
  work.catch(() => {})
  await check
  return work
}
