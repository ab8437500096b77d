import { Client } from 'pg'
import { DATABASE_URL } from '../kit/environment.ts'

export type Statement = Readonly<{ name: string; text: string }>

/** A few shared connections in turn, on which named statements follow each other without waiting for answers. */
export async function openLanes(count: number) {
  const lanes = Array.from({ length: count }, () => new Client({ connectionString: DATABASE_URL, pipeline: true }))
  await Promise.all(lanes.map((lane) => lane.connect()))
  let turn = 0

  return async <Row extends object>({ name, text }: Statement, values: unknown[]): Promise<Row[]> => {
    turn = (turn + 1) % count
    const { rows } = await (lanes[turn] as Client).query<Row>({ name, text, values })
    return rows
  }
}
