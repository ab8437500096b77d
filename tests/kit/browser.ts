/** Keeps the cookies of one site, by name and path, and follows no redirect. */
export function createBrowser() {
  const jar = new Map<string, Readonly<{ name: string; value: string; path: string }>>()

  return async (url: URL, init: RequestInit = {}): Promise<Response> => {
    const sent = [...jar.values()]
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => name + value)
    const response = await fetch(url, { ...init, headers: { cookie: sent.join('; ') }, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value, path] = /^([^=]+)(=[^;]*).*?path=([^;]+)/i.exec(cookie) ?? []
      if (name !== undefined && value !== undefined && path !== undefined) jar.set(name + path, { name, value, path })
    }
    return response
  }
}

/** Where a response leads. */
export const next = (response: Response, from: URL): URL =>
  new URL(response.headers.get('location') ?? 'about:blank', from)
