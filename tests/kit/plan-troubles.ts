import assert from 'node:assert/strict'
import type { Client } from 'pg'
import type { Sent, watched } from './watched-database.ts'

/** What one owner wrote may be sorted, or what belongs to one thing; a table may not. */
const MAX_SORTED = 1_000

type Plan = Readonly<{ 'Node Type': string; 'Plan Rows': number; 'Relation Name'?: string; Plans?: readonly Plan[] }>

/** The troubles in the plans of all that `task` sends, whether or not the server plans for the values. */
export async function planTroubles(
  client: Client,
  database: ReturnType<typeof watched>,
  task: () => Promise<unknown>,
): Promise<readonly string[]> {
  const start = database.sent.length
  await task()
  const sent = database.sent.slice(start)
  assert.ok(sent.length > 0, 'nothing was sent')
  const troubles: string[] = []
  for (const one of sent) {
    for (const mode of ['generic', 'custom']) troubles.push(...(await troublesIn(client, one, mode)))
  }
  return troubles
}

async function troublesIn(client: Client, { text, values }: Sent, mode: string): Promise<readonly string[]> {
  const literals = values.map((value) => (value === null ? 'null' : client.escapeLiteral(String(value))))
  await client.query(`set plan_cache_mode = force_${mode}_plan`)
  await client.query(`prepare watched as ${text}`)
  const given = literals.length === 0 ? '' : `(${literals.join(', ')})`
  const { rows } = await client.query(`explain (format json) execute watched${given}`)
  await client.query('deallocate watched')
  const nodes = nodesIn(rows[0]['QUERY PLAN'][0].Plan)
  return nodes.filter(isTrouble).map((node) => `${describeNode(node)} (${mode} plan) in: ${text}`)
}

const nodesIn = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesIn)]

/** A table of one row is read as a whole. */
const isTrouble = (node: Plan): boolean =>
  (node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== 'outbox_lease') ||
  (node['Node Type'].endsWith('Sort') && node['Plan Rows'] > MAX_SORTED)

const describeNode = (node: Plan): string =>
  [node['Node Type'], node['Relation Name'] ?? `of ${node['Plan Rows']} rows`].join(' ')
