import { CommentText } from '../../src/domains/entities/comment-text.ts'
import { describeText } from './text.contract.ts'

describeText('the text of a comment', CommentText, 2_000)
