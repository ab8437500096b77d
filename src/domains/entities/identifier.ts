import { InvalidInput } from '../errors/input-errors.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Whether a text is an id in its stored form. */
export const isIdentifier = (text: string): boolean => UUID.test(text)

/** The parser of one kind of id: a UUID (RFC 9562) in any letter case, stored in lower case. */
export const identifier = <Id extends string>(field: string) => ({
  /** @throws {InvalidInput} when `raw` is no UUID */
  parse(raw: string): Id {
    const id = raw.toLowerCase()
    if (!UUID.test(id)) throw new InvalidInput(field, 'must be a UUID')
    return id as Id
  },
})
