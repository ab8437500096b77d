/** A number as an id of that kind, which is a hexadecimal digit. */
export const uuid = (kind: string, n: number): string => `00000000-0000-7000-8000-${kind}${String(n).padStart(11, '0')}`
