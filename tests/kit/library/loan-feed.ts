import { prepare, rowReader, selection } from '../../../src/infrastructures/store/sql/statement.ts'
import type { View } from '../../../src/infrastructures/store/view.ts'
import { type Loan, loans } from './loan.ts'
import type { MemberId } from './member.ts'

export type LoanFeed = Readonly<{
  /** The loans of a member after that one, at most so many, in the order in which they were kept, whatever their times say. */
  after(owner: MemberId, id: string | null, limit: number): Promise<readonly Loan[]>
}>

type After = Readonly<{ owner: MemberId; id: string | null; limit: number }>

/** A query that no description can say: the order by the hidden number. */
export const loanFeed: View<LoanFeed> = {
  table: loans.table,

  memory(tables) {
    const table = tables.get(loans.type) as ReadonlyMap<string, Loan>
    return {
      async after(owner, id, limit) {
        const own = [...table.values()].filter(({ ownerId }) => ownerId === owner)
        const start = own.findIndex((loan) => loan.id === id) + 1
        return own.slice(start, start + limit)
      },
    }
  },

  sql(dialect, { query }) {
    const loanOf = rowReader<Loan>(loans.columns, dialect)
    const after = prepare<After>(dialect, (bind) => {
      const owner = bind((asked) => asked.owner, 'uuid')
      return `select ${selection(loans)} from loans where owner_id = ${owner} and number >
        coalesce((select number from loans where id = ${bind(({ id }) => id, 'uuid')} and owner_id = ${owner}), 0)
        order by number limit ${bind(({ limit }) => limit, 'integer')}`
    })
    return { after: async (owner, id, limit) => (await query(...after.with({ owner, id, limit }))).map(loanOf) }
  },

  mongodb({ idOf, find, aggregate }) {
    const numberOf = async (owner: MemberId, id: string): Promise<number> => {
      const [found] = await aggregate(loans, [{ $match: { _id: idOf(id), ownerId: idOf(owner) } }])
      return Number(found?.['number'] ?? 0)
    }
    return {
      async after(owner, id, limit) {
        const number = id === null ? 0 : await numberOf(owner, id)
        const filter = { ownerId: idOf(owner), number: { $gt: number } }
        return find(loans, { filter, sort: { number: 1 }, limit })
      },
    }
  },
}
