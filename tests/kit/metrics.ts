import assert from 'node:assert/strict'

export type Family = Readonly<{ type: string; help: string; samples: readonly Sample[] }>
type Sample = Readonly<{ labels: Readonly<Record<string, string>>; value: number; suffix?: string }>

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\[\\\\n])+)$`)
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`)
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.+)\\})? (\\S+)$`)
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^\\"\n]|\\[\\"n])*)"(?:,(?=.)|$)/
const VALUE = /^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/

/**
 * Reads Prometheus' text format 0.0.4, and refuses more than Prometheus does: a family has its help, its type and at
 * least one sample, in this order and nowhere else; a counter ends in `_total`; spaces and line ends are single ones.
 */
export function parseMetrics(text: string): ReadonlyMap<string, Family> {
  assert.ok(text.endsWith('\n') && !text.includes('\r'), 'lines end in line feeds, the last one too')
  const namespaces = new Map<string, Family & { samples: Sample[] }>()
  let help: readonly [name: string, text: string] = ['', '']
  let name = ''

  for (const line of text.slice(0, -1).split('\n')) {
    const [, helped, helpText = ''] = HELP.exec(line) ?? []
    const [, typed, type = ''] = TYPE.exec(line) ?? []
    if (helped !== undefined) help = [helped, unescaped(helpText)]
    else if (typed !== undefined) {
      assert.equal(help[0], typed, `${line}: after its help`)
      assert.ok(!namespaces.has(typed), `${line}: once`)
      assert.equal(type === 'counter', typed.endsWith('_total'), line)
      namespaces.set(typed, { type, help: help[1], samples: [] })
      name = typed
    } else {
      const sample = parseSample(line, name)
      const { samples = [], type: ofFamily = '' } = namespaces.get(name) ?? {}
      assert.equal(sample.suffix !== undefined, ofFamily === 'histogram', `${line}: as its type says`)
      assert.ok(!samples.some((other) => keyOf(other) === keyOf(sample)), `${line}: once`)
      samples.push(sample)
    }
  }

  for (const [family, { samples }] of namespaces) assert.ok(samples.length > 0, `${family} has a sample`)
  return namespaces
}

function parseSample(line: string, family: string): Sample {
  const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(`cannot be read: ${line}`)
  const suffix = name === family ? '' : (/_(?:bucket|sum|count)$/.exec(name ?? '')?.[0] ?? '')
  assert.equal(name, family + suffix, `${line}: in its family`)
  assert.match(value, VALUE, line)
  const sample = { labels: parseLabels(labels), value: Number(value.replace('Inf', 'Infinity')) }
  return suffix === '' ? sample : { ...sample, suffix }
}

function parseLabels(text: string): Sample['labels'] {
  const labels: Record<string, string> = {}
  for (let rest = text; rest !== ''; ) {
    const [pair, name = '', value = ''] = LABEL.exec(rest) ?? assert.fail(`these are no labels: ${rest}`)
    assert.ok(!Object.hasOwn(labels, name) && !name.startsWith('__'), `${name}: once, and not a reserved name`)
    labels[name] = unescaped(value)
    rest = rest.slice(pair.length)
  }
  return labels
}

const keyOf = ({ suffix, labels }: Sample): string => JSON.stringify([suffix, Object.entries(labels).sort()])

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_escape, character: string) => (character === 'n' ? '\n' : character))

/** The first value of each metric family of a service. */
export async function readStats({ healthUrl }: Readonly<{ healthUrl: string }>): Promise<Record<string, number>> {
  const namespaces = parseMetrics(await (await fetch(`${healthUrl}/metrics`)).text())
  return Object.fromEntries([...namespaces].map(([name, { samples }]) => [name, samples[0]?.value ?? Number.NaN]))
}
