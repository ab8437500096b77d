import { after, before, describe } from 'node:test'
import { alice, aPost, bob } from '../../fixtures.ts'
import { aComment, c1, setUpComments } from '../../kit/comments.ts'
import { AUTHORIZATION_ENGINES, type AuthorizationEngine, type Opened } from './authorization-engines.ts'
import { type Commands, describeCommands } from './commands.contract.ts'

/** What callers may do with a comment of Bob's on a post of Alice's. */
const COMMANDS: Commands<ReturnType<typeof setUpComments>> = {
  'rewriting a comment': {
    owner: bob,
    other: alice,
    run: ({ commentService }, editor, expected = null) =>
      commentService.rewrite({ editor, id: c1, text: 'Again.', expected }),
  },
  'removing a comment': {
    owner: bob,
    other: alice,
    run: ({ commentService }, remover, expected = null) => commentService.remove({ remover, id: c1, expected }),
  },
}

for (const [name, { skip, open }] of Object.entries<AuthorizationEngine>(AUTHORIZATION_ENGINES)) {
  describe(`permissions on comments by ${name}`, { skip }, () => {
    let opened: Opened
    before(async () => {
      opened = await open()
    })
    after(() => opened.close())
    const given = { posts: [aPost()], comments: [aComment()] }

    describeCommands(COMMANDS, () => setUpComments({ ...given, authorization: opened.authorization }))
  })
}
