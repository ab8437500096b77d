import type { Branded } from '../../patterns/brand.ts'
import { boundedText } from './text.ts'

export type PostText = Branded<string, 'PostText'>

/** The only parser of the text of posts. */
export const PostText = boundedText<PostText>('text', 10_000)
