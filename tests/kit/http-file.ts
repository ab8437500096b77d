import { readFileSync } from 'node:fs'

type Call = Readonly<{
  name: string
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}>

/** The requests of a file of the REST Client, and its variables; those that are given win. */
function readHttpFile(file: URL, given: Readonly<Record<string, string>>) {
  const [head = '', ...blocks] = readFileSync(file, 'utf8').split(/^###.*$/m)
  const defined = Object.fromEntries([...head.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name, value]) => [name, value]))
  return { variables: { ...defined, ...given }, calls: blocks.map(callIn) }
}

function callIn(block: string): Call {
  const [top = '', ...rest] = block.trim().split('\n\n')
  const [, name = ''] = /^# @name (\w+)$/m.exec(top) ?? []
  const [first = '', ...lines] = top.split('\n').filter((line) => !line.startsWith('#'))
  const [method = '', url = ''] = first.split(' ')
  return {
    name,
    method,
    url,
    headers: Object.fromEntries(lines.map((line) => line.split(': '))),
    body: rest.join('\n\n'),
  }
}

/** Sends the requests in their order, with values of earlier responses; returns the status of each. */
export async function runHttpFile(file: URL, given: Readonly<Record<string, string>>) {
  const { variables, calls } = readHttpFile(file, given)
  const answers = new Map<string, unknown>()
  const filled = (text: string) =>
    text.replaceAll(/\{\{([^}]+)\}\}/g, (_, path: string) => {
      const [name = '', , , ...steps] = path.split('.')
      const value = steps.length === 0 ? variables[path] : valueAt(answers.get(name), steps.join('.'))
      if (value === undefined) throw new Error(`${path} is not defined`)
      return value
    })

  const statuses: Record<string, number> = {}
  for (const { name, method, url, headers, body } of calls) {
    const sent = Object.fromEntries(Object.entries(headers).map(([field, value]) => [field, filled(value)]))
    const response = await fetch(filled(url), { method, headers: sent, ...(body !== '' && { body: filled(body) }) })
    const text = await response.text()
    answers.set(name, text === '' ? null : JSON.parse(text))
    statuses[name] = response.status
  }
  return { statuses, answers }
}

/** `$[0].id` or `access_token`. */
function valueAt(answer: unknown, path: string): string | undefined {
  const [, index, field = ''] = /^(?:\$\[(\d+)\]\.)?(\w+)$/.exec(path) ?? []
  const from = index === undefined ? answer : (answer as readonly unknown[])[Number(index)]
  return (from as Readonly<Record<string, string>> | undefined)?.[field]
}
