/**
 * What a change of one aggregate costs: for each noun of the forum, the files of `src` that name it besides its own files,
 * and those of `tests`, where deleting by name is to be enough. Fails when shared ones are more than the numbers below. Lower a number when you can; raise none.
 *   npm run check:cost
 */

import { FORUM } from '../src/infrastructures/store/aggregates/forum.ts'
import { readHouse } from '../tests/architecture/source-file.ts'
import { complaintsOf, costsOf } from './cost/nouns.ts'

/**
 * A new aggregate needs so many shared files: the lists of modules and of descriptions, the ports of the store and of the unit
 * of work, and, if only some users may change it, the model of permissions.
 */
const MOST = 5

/** Nouns that need more. */
const LIMITS = { user: 11, post: 7, comment: 6, notification: 5 }

/** Of the tests; posts and users are in every one of them. */
const TEST_LIMITS = { user: Number.POSITIVE_INFINITY, post: Number.POSITIVE_INFINITY, comment: 8, notification: 6 }
/** The list of samples, what modules show, and, for a noun of the guide, the commands of the documentation. */
const MOST_TESTS = 3

const nouns = Object.values(FORUM.aggregates).map(({ type }) => type)

/** Lists the costs within one folder, and says what is too much. */
function complaintsIn(folder: string, limits: Readonly<Record<string, number>>, most: number): readonly string[] {
  const costs = costsOf(nouns, readHouse(new URL(`../${folder}/`, import.meta.url)))
  for (const { noun, shared, related } of costs) {
    console.log(`${noun}: named by ${shared.length} shared files of ${folder}, and by ${related.length} of other nouns`)
    if (limits[noun] === Number.POSITIVE_INFINITY) continue
    for (const path of shared) console.log(`  ${folder}/${path}`)
  }
  return complaintsOf(costs, limits, most).map((complaint) => `${folder}: ${complaint}`)
}

const complaints = [...complaintsIn('src', LIMITS, MOST), ...complaintsIn('tests', TEST_LIMITS, MOST_TESTS)]
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exitCode = 1
