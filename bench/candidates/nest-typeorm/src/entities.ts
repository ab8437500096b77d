import { Column, Entity, PrimaryColumn } from 'typeorm'

@Entity('users')
export class User {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean
}

abstract class Written {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ name: 'owner_id', type: 'uuid' })
  ownerId!: string

  @Column('text')
  text!: string

  @Column('integer')
  version!: number

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date
}

@Entity('posts')
export class Post extends Written {}

@Entity('comments')
export class Comment extends Written {
  @Column({ name: 'post_id', type: 'uuid' })
  postId!: string
}

@Entity('outbox')
export class Event {
  @PrimaryColumn('uuid')
  id!: string

  @Column('text')
  type!: string

  @Column('uuid')
  subject!: string

  @Column('integer')
  version!: number

  @Column({ type: 'timestamptz', precision: 3 })
  time!: Date

  @Column('json')
  data!: unknown
}
