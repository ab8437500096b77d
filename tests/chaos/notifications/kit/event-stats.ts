import { parseMetrics } from '../../../kit/metrics.ts'
import type { EventTeam } from './event-team.ts'

/** What the processes of a team have counted together since they were started. */
export async function figureOf({ members }: EventTeam, name: string): Promise<number> {
  const texts = members.map(async ({ healthUrl }) => (await fetch(`${healthUrl}/metrics`)).text())
  const samples = (await Promise.all(texts)).flatMap((text) => parseMetrics(text).get(name)?.samples ?? [])
  return samples.reduce((sum, { value }) => sum + value, 0)
}
