export const noon = new Date('2026-03-01T12:00:00.000Z')
export const minutesAfterNoon = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000)
