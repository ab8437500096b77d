import { Refused } from './refused.ts'

const tagsIn = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim())

export const etagOf = (version: number): string => `"${version}"`

/** Whether the caller of `If-None-Match` already has this version. */
export const isKnown = (header: string | undefined, version: number): boolean =>
  header !== undefined && (header === '*' || tagsIn(header).some((tag) => tag.replace(/^W\//, '') === etagOf(version)))

/** Refuses a change of a version that the caller of `If-Match` does not know. */
export function assertMatch(header: string | undefined, version: number): void {
  if (header !== undefined && header !== '*' && !tagsIn(header).includes(etagOf(version))) throw new Refused(412)
}
