import type { Branded } from '../../patterns/brand.ts'
import { boundedText } from './text.ts'

export type CommentText = Branded<string, 'CommentText'>

/** The only parser of the text of comments. */
export const CommentText = boundedText<CommentText>('text', 2_000)
