/** What `npm run db:seed` writes. The people are those whom the development issuer knows by these names. */
export const PEOPLE = ['alice', 'bob', 'carol'] as const

const [WELCOME, QUESTION, UNICODE] = [
  '01938d6e-0001-7000-8000-000000000001',
  '01938d6e-0001-7000-8000-000000000002',
  '01938d6e-0001-7000-8000-000000000003',
] as const

export const POSTS = [
  { id: WELCOME, author: 'alice', text: 'Welcome! This forum is here to be read, run and taken apart.' },
  { id: QUESTION, author: 'bob', text: 'Which database do you run it on?' },
  { id: UNICODE, author: 'carol', text: 'Löwen, Bären und 🐯: all of Unicode is welcome here.' },
] as const

export const COMMENTS = [
  { id: '01938d6e-0002-7000-8000-000000000001', postId: WELCOME, author: 'bob', text: 'Where do I start?' },
  { id: '01938d6e-0002-7000-8000-000000000002', postId: WELCOME, author: 'alice', text: 'At src/main.ts, then down.' },
  {
    id: '01938d6e-0002-7000-8000-000000000003',
    postId: QUESTION,
    author: 'carol',
    text: 'One setting: I forgot which.',
  },
] as const
