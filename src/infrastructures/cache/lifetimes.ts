/** No copy is given that was loaded longer ago: so old is the oldest after a writer died before it could tell. */
export const KEPT_MS = 30_000

/** That there is nothing is kept only so long. */
export const NOTHING_KEPT_MS = 5_000
