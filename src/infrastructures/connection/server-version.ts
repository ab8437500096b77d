import { ServerRefused } from './server-refused.ts'

/** @throws {ServerRefused} when a server says that its version is an earlier one than `oldest`, such as `3.10` */
export function mustBeAtLeast(oldest: string, product: string, version: unknown): void {
  const [told, needed] = [numbersOf(version), numbersOf(oldest)]
  if (told === null || needed === null) return
  const isOlder = told[0] < needed[0] || (told[0] === needed[0] && told[1] < needed[1])
  if (isOlder) throw new ServerRefused(`${product} ${version} is too old: ${oldest} or later is needed`)
}

/** Major and minor; null for what is no version. */
function numbersOf(version: unknown): readonly [number, number] | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(String(version)) ?? []
  return major === undefined ? null : [Number(major), Number(minor)]
}
