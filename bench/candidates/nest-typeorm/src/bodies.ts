import { Transform, Type } from 'class-transformer'
import { IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator'

const Trimmed = () => Transform(({ value }) => (typeof value === 'string' ? value.trim() : value))

export class PostBody {
  @Trimmed()
  @IsString()
  @Length(1, 10_000)
  text!: string
}

export class CommentBody {
  @IsUUID()
  postId!: string

  @Trimmed()
  @IsString()
  @Length(1, 2_000)
  text!: string
}

export class PageQuery {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 20

  @IsOptional()
  @IsString()
  cursor?: string
}
