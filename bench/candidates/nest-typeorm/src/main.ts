/** NestJS on Fastify with its validation pipe, and TypeORM repositories. */
import 'reflect-metadata'
import { Module, ValidationPipe } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { TypeOrmModule } from '@nestjs/typeorm'
import { CONNECTIONS, DATABASE_URL, HOST, HTTP_PORT } from '../../kit/environment.ts'
import { Comment, Event, Post, User } from './entities.js'
import { ForumController } from './forum.controller.js'
import { ForumService } from './forum.service.js'
import { RefusedFilter } from './refused.filter.js'

const entities = [User, Post, Comment, Event]

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: DATABASE_URL, poolSize: CONNECTIONS, entities }),
    TypeOrmModule.forFeature(entities),
  ],
  controllers: [ForumController],
  providers: [ForumService],
})
class ForumModule {}

const app = await NestFactory.create<NestFastifyApplication>(ForumModule, new FastifyAdapter(), { logger: ['error'] })
app.useGlobalPipes(
  new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true, errorHttpStatusCode: 422 }),
)
app.useGlobalFilters(new RefusedFilter())
await app.listen(HTTP_PORT, HOST)
