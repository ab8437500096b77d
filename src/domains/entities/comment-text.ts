import type { Branded } from '../../patterns/brand.ts'
import { boundedText } from './text.ts'

export type CommentText = Branded<string, 'CommentText'>

/** The single door through which text becomes a comment. */
export const CommentText = boundedText<CommentText>('text', 2_000)
