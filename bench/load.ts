import autocannon from 'autocannon'

export type Load = Readonly<{ method: 'GET' | 'POST'; path: string; token: string; body?: string }>
export type Measured = Readonly<{ perSecond: number; p50: number; p99: number; requests: number }>

const CONNECTIONS = 64

/** Asks the same over and over on 64 kept-alive connections; any answer but a good one fails the run. */
export async function drive(url: string, { method, path, token, body }: Load, seconds: number): Promise<Measured> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const request = { method, path, headers, ...(body === undefined ? {} : { body }) }
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests: [request] })

  if (result.non2xx + result.errors > 0) throw new Error(`${method} ${path}: ${result.non2xx + result.errors} failures`)
  const { p50, p99 } = result.latency
  return { perSecond: result.requests.total / result.duration, p50, p99, requests: result.requests.total }
}
