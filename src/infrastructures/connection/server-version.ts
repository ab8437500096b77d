import { ServerSetupError } from './server-setup-error.ts'

/** @throws {ServerSetupError} when a server says that its version is an earlier one than `oldest`, such as `3.10` */
export function assertServerVersion(oldest: string, product: string, version: unknown): void {
  const [actual, required] = [numbersOf(version), numbersOf(oldest)]
  if (actual === null || required === null) return
  const isOlder = actual[0] < required[0] || (actual[0] === required[0] && actual[1] < required[1])
  if (isOlder) throw new ServerSetupError(`${product} ${version} is too old: ${oldest} or later is needed`)
}

/** Major and minor; null for a text that is not a version. */
function numbersOf(version: unknown): readonly [number, number] | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(String(version)) ?? []
  return major === undefined ? null : [Number(major), Number(minor)]
}
