import { PostText } from '../../src/domains/entities/post-text.ts'
import { describeText } from './text.contract.ts'

describeText('the text of a post', PostText, 10_000)
