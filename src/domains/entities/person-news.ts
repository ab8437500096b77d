import { boundedText } from './text.ts'

/** The facts that the identity provider stores about a person; it changes each name by itself. */
export type Facts = Readonly<{
  username: string
  firstName: string | null
  lastName: string | null
  email: string | null
  isActive: boolean
}>

/** News of one person. Facts that are absent stay as they are. */
export type PersonNews = Readonly<{
  /** The subject of the person at the provider. */
  subject: string
  kind: 'created' | 'changed' | 'removed'
  /** When it happened, by the clock of the provider. */
  at: Date
  facts: Partial<Facts>
  /** The names that were replaced, if the provider sends them. */
  previous?: Partial<Pick<Facts, 'firstName' | 'lastName'>>
}>

const CONTROL_CHARACTER = /\p{Cc}/u
const PersonText = boundedText<string>('text', 255)

/** People choose many of these texts themselves: null for a text that is not readable. */
export function readableText(raw: unknown): string | null {
  if (typeof raw !== 'string' || CONTROL_CHARACTER.test(raw.trim())) return null
  try {
    return PersonText.parse(raw)
  } catch {
    return null
  }
}
