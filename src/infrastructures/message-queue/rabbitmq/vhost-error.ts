import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Class and method ids of the opening of a connection (AMQP 0-9-1, "The Connection Class"). */
const START = 0x000a_000a
const START_OK = 0x000a_000b
const TUNE = 0x000a_001e
const TUNE_OK = 0x000a_001f
const OPEN = 0x000a_0028
const CLOSE = 0x000a_0032

const PROTOCOL_HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1')
const FRAME_END = 0xce
const TIMEOUT_MS = 2_000

/**
 * The server's reason for refusing a virtual host, which the library drops: the host is missing, forbidden to the user, or only
 * full for now. Null when the server gives no reason, or opens it after all.
 */
export async function readVhostError(url: URL, vhost: string): Promise<string | null> {
  const [host, isTls] = [url.hostname.replace(/^\[|\]$/g, ''), url.protocol === 'amqps:']
  const at = { host, port: Number(url.port) || (isTls ? 5671 : 5672), timeout: TIMEOUT_MS }
  const socket = isTls ? connectTls(at) : connect(at)
  socket.on('timeout', () => socket.destroy(new Error('no answer in time')))
  socket.on(isTls ? 'secureConnect' : 'connect', () => socket.write(PROTOCOL_HEADER))
  try {
    return await ask(socket, vhost, credentialsOf(url))
  } catch {
    return null
  } finally {
    socket.on('error', () => {}).destroy()
  }
}

async function ask(socket: Socket, vhost: string, credentials: string): Promise<string | null> {
  for await (const { method, fields } of methodsOf(socket)) {
    if (method === START) {
      const properties = Buffer.alloc(4) // an empty table
      socket.write(frame(START_OK, properties, short('PLAIN'), long(credentials), short('en_US')))
    } else if (method === TUNE) {
      socket.write(frame(TUNE_OK, fields))
      socket.write(frame(OPEN, short(vhost), short(''), Buffer.alloc(1)))
    } else {
      return method === CLOSE ? fields.toString('utf8', 3, 3 + fields.readUInt8(2)) : null
    }
  }
  return null
}

/** The credentials in the format of SASL PLAIN. */
function credentialsOf({ username, password }: URL): string {
  const [user, secret] = username + password === '' ? ['guest', 'guest'] : [username, password]
  return `\0${decodeURIComponent(user)}\0${decodeURIComponent(secret)}`
}

/** The methods that a server sends, one frame each. */
async function* methodsOf(socket: Socket): AsyncGenerator<Readonly<{ method: number; fields: Buffer }>> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer])
    while (bytes.length >= 7 && bytes.length >= 8 + bytes.readUInt32BE(3)) {
      const payload = bytes.subarray(7, 7 + bytes.readUInt32BE(3))
      bytes = bytes.subarray(8 + payload.length)
      yield { method: payload.readUInt32BE(0), fields: payload.subarray(4) }
    }
  }
}

function frame(method: number, ...fields: readonly Buffer[]): Buffer {
  const [head, name] = [Buffer.alloc(7), Buffer.alloc(4)]
  name.writeUInt32BE(method)
  const payload = Buffer.concat([name, ...fields])
  head.writeUInt8(1) // a method, on channel 0
  head.writeUInt32BE(payload.length, 3)
  return Buffer.concat([head, payload, Buffer.of(FRAME_END)])
}

const short = (text: string): Buffer => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)])

function long(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}
