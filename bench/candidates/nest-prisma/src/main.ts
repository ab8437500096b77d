/** NestJS on Fastify with its validation pipe, and Prisma over its driver adapter for `pg`. */
import 'reflect-metadata'
import { Module, ValidationPipe } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { HOST, HTTP_PORT } from '../../kit/environment.ts'
import { ForumController } from './forum.controller.js'
import { ForumService } from './forum.service.js'
import { PrismaService } from './prisma.service.js'
import { RefusedFilter } from './refused.filter.js'

@Module({ controllers: [ForumController], providers: [ForumService, PrismaService] })
class ForumModule {}

const app = await NestFactory.create<NestFastifyApplication>(ForumModule, new FastifyAdapter(), { logger: ['error'] })
app.useGlobalPipes(
  new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true, errorHttpStatusCode: 422 }),
)
app.useGlobalFilters(new RefusedFilter())
await app.listen(HTTP_PORT, HOST)
