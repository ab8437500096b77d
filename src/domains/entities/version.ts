import { StaleVersion } from '../errors/change-errors.ts'

/** The versions that a caller accepts as current; null accepts any. */
export type ExpectedVersions = ReadonlySet<number> | null

/** @throws {StaleVersion} when the thing is no longer at an expected version */
export function assertVersion({ version }: Readonly<{ version: number }>, expected: ExpectedVersions): void {
  if (expected !== null && !expected.has(version)) throw new StaleVersion()
}

/** The time of a change: clocks differ and jump, but no version is older than the one that it follows. */
export const notBefore = (before: Date, at: Date): Date => (at < before ? before : at)
