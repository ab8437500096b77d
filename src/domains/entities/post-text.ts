import type { Branded } from '../../patterns/brand.ts'
import { boundedText } from './text.ts'

export type PostText = Branded<string, 'PostText'>

/** The single door through which text becomes a post. */
export const PostText = boundedText<PostText>('text', 10_000)
