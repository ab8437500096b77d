import { type CommandStartedEvent, type Db, type Document, MongoClient } from 'mongodb'

type Index = readonly string[]
type Search = Readonly<{ collection: string; filter: Document; sort: Document }>

/** Collections of a few documents at most, whatever is kept. */
const FEW = ['outbox_lease', 'transaction_sessions', 'schema_lock', 'schema_migrations']

/** What belongs to one owner may be sorted, or what is about one thing. */
const MAX_SORTED = 1_000

/** A client that notes the commands that it sends. */
export function watchedClient(url: string) {
  const client = new MongoClient(url, { maxPoolSize: 4, monitorCommands: true })
  const sent: Document[] = []
  client.on('commandStarted', ({ command }: CommandStartedEvent) => void sent.push(command))
  return { client, sent }
}

/**
 * What is wrong with how the server finds what these commands look for. By the rule of MongoDB's documentation an index serves a
 * search whose fields are, in the order of its keys, those that must be equal, those of the sort, and then a range. A
 * mongod is asked for its plan as well; SecantusDB makes other plans than that.
 */
export async function mongodbTroubles(db: Db, commands: readonly Document[]): Promise<readonly string[]> {
  const { secantusVersion } = await db.command({ buildInfo: 1 })
  const troubles: string[] = []
  for (const command of commands) {
    for (const search of searchesIn(command)) {
      if (FEW.includes(search.collection)) continue
      const indexes = (await db.collection(search.collection).indexes()).map(({ key }) => Object.keys(key))
      if (!indexes.some((index) => serves(index, search))) troubles.push(`no index for ${JSON.stringify(search)}`)
      if (secantusVersion === undefined) troubles.push(...(await planTroubles(db, search)))
    }
  }
  return troubles
}

/** What a command looks for, in all of its statements. */
function searchesIn(command: Document): readonly Search[] {
  const { find, aggregate, update, findAndModify, filter = {}, query = {}, pipeline = [] } = command
  const sort = Object.fromEntries(command['sort'] ?? []) // the driver makes a map of it
  if (typeof find === 'string') return [{ collection: find, filter, sort }]
  if (typeof findAndModify === 'string') return [{ collection: findAndModify, filter: query, sort }]
  if (typeof aggregate === 'string') {
    const [match, order] = [pipeline[0]?.$match ?? {}, pipeline[1]?.$sort ?? {}]
    return [{ collection: aggregate, filter: match, sort: order }]
  }
  const collection = update ?? command['delete']
  const statements: readonly Document[] = command['updates'] ?? command['deletes'] ?? []
  return statements.map(({ q }) => ({ collection, filter: q, sort: {} }))
}

function serves(index: Index, { filter, sort }: Search): boolean {
  const isEqual = (field: string) => field in filter && !hasRange(filter[field])
  const fixed = index.findIndex((field) => !isEqual(field))
  const rest = fixed < 0 ? [] : index.slice(fixed)
  const order = Object.keys(sort).filter((field) => !isEqual(field))
  if (order.length > 0) return order.every((field, at) => field === rest[at]) && isEntered(filter, order)
  return fixed !== 0 || (rest[0] !== undefined && hasRange(filter[rest[0]]))
}

/** An alternative is no bound: a position in the index needs one beside it. */
const isEntered = (filter: Document, [first = '']: Index): boolean => !('$or' in filter) || hasRange(filter[first])

/** Whether it names more than some values. */
const hasRange = (value: unknown): boolean =>
  value !== null &&
  typeof value === 'object' &&
  Object.keys(value).some((operator) => ['$gt', '$gte', '$lt', '$lte', '$type'].includes(operator))

async function planTroubles(db: Db, { collection, filter, sort }: Search): Promise<readonly string[]> {
  const { queryPlanner, executionStats } = await db
    .collection(collection)
    .find(filter, { sort, limit: 100 })
    .explain('executionStats')
  const stages = stagesOf(queryPlanner.winningPlan)
  const isSorted = stages.includes('SORT') && executionStats.totalDocsExamined > MAX_SORTED
  return stages.includes('COLLSCAN') || isSorted
    ? [`${stages} for ${JSON.stringify({ collection, filter, sort })}`]
    : []
}

const stagesOf = ({ stage, inputStage, inputStages = [], queryPlan }: Document): readonly string[] =>
  queryPlan !== undefined
    ? stagesOf(queryPlan)
    : [stage, ...[inputStage, ...inputStages].flatMap((inner) => (inner ? stagesOf(inner) : []))]
