import { StaleVersion } from '../errors/change-errors.ts'

/** The versions that a caller accepts as current; null accepts any. */
export type Expected = ReadonlySet<number> | null

/** @throws {StaleVersion} when the thing is no longer at an expected version */
export function mustBeExpected({ version }: Readonly<{ version: number }>, expected: Expected): void {
  if (expected !== null && !expected.has(version)) throw new StaleVersion()
}
