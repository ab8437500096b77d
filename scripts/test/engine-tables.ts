import type { Pass } from './passes.ts'

/** Where versions differ in what they offer or forbid: each begins here, and ends where the next one begins. */
const SERIES: Readonly<Record<string, readonly string[]>> = {
  PostgreSQL: ['15', '16', '17', '18'],
  MariaDB: ['10.6', '10.11', '11.4', '11.8'],
  MySQL: ['8.0', '8.4', '9.0'],
  MongoDB: ['5.0', '6.0', '7.0', '8.0'],
  Redis: ['7.0', '8.0'],
  Valkey: ['7.2', '8.0'],
  NATS: ['2.9', '2.10'],
  RabbitMQ: ['3.10', '4.0'],
}

const [BEGIN, END] = ['<!-- tables: begin -->', '<!-- tables: end -->']

/** The page with tables that say what the passes say, and nothing of its own changed. */
export function withTables(page: string, passes: readonly Pass[], engines: readonly string[]): string {
  const [before, rest = ''] = page.split(BEGIN)
  const [, after] = rest.split(END)
  if (after === undefined) throw new Error(`The page has no ${BEGIN} with its ${END}.`)
  const tables = [filesTable(passes, engines), seriesTable(passes)]
  return `${before}${BEGIN}\n\n${tables.join('\n\n')}\n\n${END}${after}`
}

/** How many files of each folder passed on each server. */
function filesTable(passes: readonly Pass[], engines: readonly string[]): string {
  const folders = [...new Set(passes.map(folderOf))].toSorted()
  const rows = engines.flatMap((engine) => {
    const ofEngine = Map.groupBy(
      passes.filter((pass) => pass.engine === engine),
      ({ server }) => server,
    )
    if (ofEngine.size === 0) return [[engine, ...folders.map(() => ''), 'not noted']]
    return [...ofEngine].toSorted(byName).map(([server, its]) => [
      server,
      ...folders.map((folder) => String(its.filter((pass) => folderOf(pass) === folder).length || '')),
      its
        .map(({ day }) => day)
        .toSorted()
        .at(-1) ?? '',
    ])
  })
  return table(['server', ...folders.map((folder) => `\`${folder}\``), 'last run'], rows)
}

/** Of each series, the versions that passed anything. */
function seriesTable(passes: readonly Pass[]): string {
  const rows = Object.entries(SERIES).flatMap(([product, starts]) =>
    starts.map((from, index) => {
      const before = starts[index + 1]
      const versions = versionsOf(product, passes).filter(
        (version) => compare(version, from) >= 0 && (before === undefined || compare(version, before) < 0),
      )
      return [product, from, before ?? '', versions.toSorted(compare).join(', ') || 'not noted']
    }),
  )
  return table(['server', 'from', 'before', 'run'], rows)
}

const folderOf = ({ file }: Pass): string => file.split('/')[0] ?? ''

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one.localeCompare(other, 'en', { numeric: true })

const versionsOf = (product: string, passes: readonly Pass[]): readonly string[] => [
  ...new Set(
    passes.flatMap(({ server }) => (server.startsWith(`${product} `) ? server.slice(product.length + 1) : [])),
  ),
]

function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)))
  const differences = [0, 1, 2].map((index) => (left?.[index] ?? 0) - (right?.[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}

const table = ([...head]: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
