import { mariadbUrl, skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { openingMariadb } from './opened-mariadb.ts'
import { describeStore } from './store.contract.ts'

describeStore('the MariaDB store', openingMariadb(mariadbUrl)(LIBRARY.aggregates), {
  isShared: true,
  isDurable: true,
  skip: skipWithout('mariadb'),
})
