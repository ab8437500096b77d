const FIRST = Date.parse('0001-01-01T00:00:00.000Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

/** Whether it is a time that every store can compare with: within the years 1 to 9999, in UTC. */
export const isMoment = (time: Date): boolean => time.getTime() >= FIRST && time.getTime() <= LAST
