/** `book` of `book:4711`; of a key without a colon, the key. */
export const familyOf = (key: string): string => key.split(':', 1)[0] ?? ''
