import type { StoreChoice } from '../../../src/infrastructures/store/open-store.ts'
import { ALL_UNITS, type UnitName } from './all-units.ts'
import type { Cast } from './cast.ts'
import { type Moment, openInterruptedStore } from './interrupted-store.ts'

export type Order = Readonly<{ choice: StoreChoice; moment: Moment; unit: UnitName; cast: Cast }>

/** Runs one unit of work, and dies in the middle of it: nothing of ours gets to clean up. */
const { choice, moment, unit, cast } = JSON.parse(process.argv[2] as string) as Order
const { store } = await openInterruptedStore(choice, moment, () => process.kill(process.pid, 'SIGKILL'))
await ALL_UNITS[unit].run(store, cast)
process.exit(0)
