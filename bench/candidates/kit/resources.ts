/** A post or comment, as it is stored, answered and published. JSON.stringify writes its times as RFC 3339. */
export type Post = Readonly<{
  id: string
  ownerId: string
  text: string
  version: number
  createdAt: Date
  updatedAt: Date
}>
export type Comment = Post & Readonly<{ postId: string }>
