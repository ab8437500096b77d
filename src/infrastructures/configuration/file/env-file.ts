import { parseEnv } from 'node:util'

const BYTE_ORDER_MARKS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const

/**
 * The variables in the bytes of a file such as `.env`, in UTF-8, or in UTF-16 with a byte order mark, with the line ends
 * of any system. No variable is lost in silence because of how an editor saved it.
 *
 * @throws with the reason, without the content
 */
export function parseEnvFile(bytes: Uint8Array): Readonly<Record<string, string>> {
  const text = decode(bytes)
  if (text.includes('\0')) throw new Error('contains NUL: save it in UTF-8')
  const variables = parseEnv(text.replaceAll(/\r\n?/g, '\n')) as Record<string, string>
  if (Object.keys(variables).some((name) => /[^!-~]/.test(name))) {
    throw new Error('contains a name with a character that is not printable ASCII, which may be invisible')
  }
  return variables
}

function decode(bytes: Uint8Array): string {
  const found = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, at) => bytes[at] === byte))
  const encoding = found?.encoding ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new Error(`is not valid ${encoding.toUpperCase()}`)
  }
}
