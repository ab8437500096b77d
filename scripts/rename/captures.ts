import { createHmac } from 'node:crypto'

const FILE = 'tests/kit/keycloak-captures.jsonl'

/** Signs the captured deliveries of Keycloak again whose bodies have the new name; the secret is in the first line. */
export function signedAgain(path: string, text: string): string {
  if (path !== FILE) return text
  const [about = '', ...lines] = text.split('\n')
  const { secret } = JSON.parse(about) as { secret: string }
  return [about, ...lines.map((line) => (line === '' ? line : signedLine(line, secret)))].join('\n')
}

function signedLine(line: string, secret: string): string {
  const { headers, body } = JSON.parse(line) as { headers: Readonly<Record<string, string>>; body: string }
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return line.replace(headers['x-keycloak-signature'] ?? signature, signature)
}
