/** The rows that every candidate starts with: users, many posts by them, some comments, and posts that wait to be deleted. */
const DIGITS = 12

const numbered = (prefix: string, number: number): string => prefix + number.toString(16).padStart(DIGITS, '0')

export const PREFIX = {
  user: '01900000-0000-7000-9000-',
  post: '01900000-0000-7000-8000-',
  comment: '01900000-0000-7000-a000-',
} as const

/** Every post belongs to one of so many users, round robin. */
export const USERS = 64
export const DISABLED_USER = 64
export const SUPER_ADMIN = 65

/** Posts with a hundred comments each, numbered from here, older than all others. */
export const DOOMED = { first: 100_000_000, count: 640, comments: 100 } as const

/** All posts are written from here on, a second apart; a candidate wrote the posts newer than `LOADED_UNTIL`. */
export const FIRST_POST_AT = new Date('2020-01-01T00:00:00.000Z')
export const LOADED_UNTIL = new Date('2025-01-01T00:00:00.000Z')

/** When those that wait to be deleted were written. */
export const WRITTEN_BEFORE = new Date(FIRST_POST_AT.getTime() - 86_400_000)

export const TEXT =
  'A post of ordinary length, which says in about a hundred characters what somebody had to say today.'

export const userId = (number: number): string => numbered(PREFIX.user, number)
export const postId = (number: number): string => numbered(PREFIX.post, number)
export const commentId = (number: number): string => numbered(PREFIX.comment, number)
export const ownerOf = (post: number): number => post % USERS
export const writtenAt = (post: number): Date => new Date(FIRST_POST_AT.getTime() + post * 1_000)
