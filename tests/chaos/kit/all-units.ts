import { COMMENT_UNITS } from './comment-units.ts'
import { UNITS } from './units.ts'

export const ALL_UNITS = { ...UNITS, ...COMMENT_UNITS }

export type UnitName = keyof typeof ALL_UNITS
export const UNIT_NAMES = Object.keys(ALL_UNITS) as readonly UnitName[]
