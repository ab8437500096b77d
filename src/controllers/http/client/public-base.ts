/** Where clients reach what is `/` here: a URL or, where the origin is not known, a path; and its path. Both may be empty. */
export type PublicBase = Readonly<{ url: string; path: string }>

export const UNKNOWN_BASE: PublicBase = { url: '', path: '' }

const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i
const PATH = /^(?:\/[\w.~%-]+)*\/?$/

type ForwardedParts = Readonly<{ proto?: string | undefined; host?: string | undefined; prefix?: string | undefined }>

/** The base that proxies name. What is not well-formed counts as not said; an origin needs both protocol and host. */
export function baseOf({ proto = '', host = '', prefix = '' }: ForwardedParts): PublicBase {
  const path = isPublicPath(prefix) && prefix.length <= 200 ? withoutSlash(prefix) : ''
  const origin = /^https?$/i.test(proto) && HOST.test(host) ? URL.parse(`${proto}://${host}`)?.origin : undefined
  return { url: (origin ?? '') + path, path }
}

/** The base that a setting names: a URL of which nothing but origin and path counts. */
export function baseAt(url: string): PublicBase {
  const { origin, pathname } = new URL(url)
  const path = withoutSlash(pathname)
  return { url: origin + path, path }
}

/** Has nothing that needs escaping in a header or page, no empty segment, and none that leads up. */
export const isPublicPath = (path: string): boolean => PATH.test(path) && !/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path)

const withoutSlash = (path: string): string => path.replace(/\/$/, '')
