import { Client } from 'pg'
import { DATABASE_URL } from '../kit/environment.ts'

export type Statement = Readonly<{ name: string; text: string }>

/** A few shared connections, used round robin; named statements are pipelined on them. */
export async function openConnections(count: number) {
  const connections = Array.from(
    { length: count },
    () => new Client({ connectionString: DATABASE_URL, pipeline: true }),
  )
  await Promise.all(connections.map((connection) => connection.connect()))
  let turn = 0

  return async <Row extends object>({ name, text }: Statement, values: unknown[]): Promise<Row[]> => {
    turn = (turn + 1) % count
    const { rows } = await (connections[turn] as Client).query<Row>({ name, text, values })
    return rows
  }
}
