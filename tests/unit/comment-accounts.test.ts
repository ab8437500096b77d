import { p1, p2 } from '../fixtures.ts'
import { aComment, c1, setUpComments } from '../kit/comments.ts'
import { type Deeds, describeAccountCheck, listQuery } from './account-check.contract.ts'

const DEEDS: Deeds<ReturnType<typeof setUpComments>> = {
  'read a comment': ({ commentService }, actor) => commentService.read({ reader: actor, id: c1 }),
  'list comments': ({ commentService }, actor) => commentService.list({ reader: actor, listQuery, withTotal: true }),
  'write a comment': ({ commentService }, actor) => commentService.write({ author: actor, postId: p1, text: 'Hello.' }),
  'comment on a post that is not there': ({ commentService }, actor) =>
    commentService.write({ author: actor, postId: p2, text: 'Hello.' }),
  'rewrite a comment': ({ commentService }, actor) =>
    commentService.rewrite({ editor: actor, id: c1, text: 'Hello.', expected: null }),
  'remove a comment': ({ commentService }, actor) => commentService.remove({ remover: actor, id: c1, expected: null }),
}

describeAccountCheck(DEEDS, (given) => setUpComments({ ...given, comments: [aComment()] }))
