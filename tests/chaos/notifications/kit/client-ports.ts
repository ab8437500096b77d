import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The ports of the clients whose connections to a URL a process holds, as Linux knows them. */
export function clientPortsOf(pid: number, url: string): ReadonlySet<number> {
  const held = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)))
  const served = Number(new URL(url).port)
  const connections = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)

  return new Set(
    connections
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , , , , , , , inode]) => portIn(local) === served && held.has(`socket:[${inode}]`))
      .map(([, , remote = '']) => portIn(remote)),
  )
}

const portIn = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16)

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // It was closed meanwhile.
  }
}
