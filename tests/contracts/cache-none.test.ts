import { noCache } from '../../src/infrastructures/cache/none/no-cache.ts'
import { skipWithout } from '../kit/engines.ts'
import { describeCache } from './cache.contract.ts'

async function open() {
  const cache = noCache()
  return { cache, close: () => cache.close() }
}

describeCache('no cache', open, { keeps: false, isShared: false, skip: skipWithout('memory') })
