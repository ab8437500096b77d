import { isIP } from 'node:net'
import { type Network, parseNetwork } from '../../controllers/http/client/networks.ts'
import { isPublicPath } from '../../controllers/http/client/public-base.ts'
import { type Parser, reject, url } from './parsers.ts'

/** Where to listen: an address, or a name of this machine. */
export const host: Parser<string> = (text) =>
  isIP(text) > 0 || /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(text)
    ? text
    : reject('must be an address or a host name')

/** An issuer as its tokens name it. In production it is reached by https, or is on this machine. */
export const httpIssuer =
  (isProduction: boolean): Parser<string> =>
  (text) => {
    const { protocol, hostname, search, hash, username } = url('http:', 'https:')(text)
    const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    if (search !== '' || hash !== '' || username !== '') reject('must have no query, fragment or credentials')
    if (isProduction && protocol === 'http:' && !isLocal) reject('must start with https:// in production')
    return text
  }

/** Where something is fetched. */
export const httpAddress: Parser<string> = (text) => {
  const { search, hash, username } = url('http:', 'https:')(text)
  return search + hash + username === '' ? text : reject('must have no query, fragment or credentials')
}

/** The address under which clients reach the service: an http(s) URL with or without a path, without a slash at the end. */
export const publicUrl: Parser<string> = (text) => {
  const { origin, pathname, search, hash, username } = url('http:', 'https:')(text)
  if (search !== '' || hash !== '' || username !== '') reject('must have no query, fragment or credentials')
  if (!isPublicPath(pathname)) reject('must have a path of letters, digits and -._~% in segments, such as /forum')
  return origin + pathname.replace(/\/$/, '')
}

/** Addresses and networks, separated by commas. Says which one is wrong by its position. */
export const networks: Parser<readonly Network[]> = (text) =>
  text.split(',').map((part, at) => {
    const network = parseNetwork(part.trim())
    return network ?? reject(`must be a list of addresses and networks such as 10.0.0.0/8: entry ${at + 1} is neither`)
  })

/** An origin of a web page, such as https://forum.example.org. */
export const origin: Parser<string> = (text) => {
  const parsed = url('http:', 'https:')(text)
  return parsed.origin === text ? text : reject('must be a list of origins such as https://forum.example.org')
}
