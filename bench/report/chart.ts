import type { Row } from './summary.ts'

const [WIDTH, LABELS, BAR, GAP, TITLE, COLUMNS] = [460, 128, 15, 4, 34, 2]
const BARS = WIDTH - LABELS - 96
const FONT = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"'

/** Bars of throughput: a panel per scenario with its own scale; this service has its own colour. */
export function chartOf(rows: readonly Row[], footnote: string): string {
  const panels = [...Map.groupBy(rows, ({ scenario }) => scenario)]
  const height = TITLE + Math.max(...panels.map(([, bars]) => bars.length)) * (BAR + GAP) + 22
  const lines = Math.ceil(panels.length / COLUMNS)
  const [fullWidth, fullHeight] = [WIDTH * COLUMNS + 24, height * lines + 46]

  const drawn = panels.map(([scenario, bars], index) => {
    const [x, y] = [12 + (index % COLUMNS) * WIDTH, 10 + Math.floor(index / COLUMNS) * height]
    return `<g transform="translate(${x} ${y})">${panel(scenario, bars)}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" ${FONT} font-size="12" role="img">
<title>Requests per second of each candidate, by scenario</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join('\n')}
<text x="12" y="${fullHeight - 14}" fill="#57606a" font-size="11">${escaped(footnote)}</text>
</svg>
`
}

function panel(scenario: string, rows: readonly Row[]): string {
  const most = Math.max(...rows.map(({ perSecond }) => perSecond))
  const bars = rows.map((row, index) => bar(row, TITLE + index * (BAR + GAP), (row.perSecond / most) * BARS))
  return `<text x="0" y="20" font-size="14" font-weight="600" fill="#1f2328">${escaped(scenario)}</text>${bars.join('')}`
}

function bar({ candidate, perSecond, toOurs }: Row, y: number, length: number): string {
  const isOurs = candidate.startsWith('ours')
  const [weight, fill] = [isOurs ? 600 : 400, isOurs ? '#0969da' : '#afb8c1']
  const base = y + BAR - 3
  const share = candidate === 'ours' || Number.isNaN(toOurs) ? '' : ` · ${toOurs.toFixed(2)}`
  const value = `${Math.round(perSecond).toLocaleString('en')}${share}`
  return `
<text x="${LABELS - 8}" y="${base}" text-anchor="end" font-weight="${weight}" fill="#1f2328">${escaped(candidate)}</text>
<rect x="${LABELS}" y="${y}" width="${Math.max(1, length).toFixed(1)}" height="${BAR}" rx="2" fill="${fill}"/>
<text x="${(LABELS + length + 6).toFixed(1)}" y="${base}" font-weight="${weight}" fill="#57606a">${value}</text>`
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
