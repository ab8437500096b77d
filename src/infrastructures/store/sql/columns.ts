/** The columns of each table under the names that the models give them. */
export const COLUMNS = {
  users: `id, username, full_name as "fullName", email, is_active as "isActive", version,
    created_at as "createdAt", updated_at as "updatedAt", removed_at as "removedAt"`,
  posts: `id, owner_id as "ownerId", text, version, created_at as "createdAt", updated_at as "updatedAt"`,
  comments: `id, post_id as "postId", owner_id as "ownerId", text, version,
    created_at as "createdAt", updated_at as "updatedAt"`,
  notifications: `id, owner_id as "ownerId", post_id as "postId", comment_id as "commentId", author_id as "authorId",
    created_at as "createdAt", read_at as "readAt"`,
} as const
