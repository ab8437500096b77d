import { Injectable, type OnModuleDestroy } from '@nestjs/common'
import { PrismaPg } from '@prisma/adapter-pg'
import { CONNECTIONS, DATABASE_URL } from '../../kit/environment.ts'
import { PrismaClient } from '../generated/client.ts'

/** By default transactions that wait for a connection for two seconds fail, which under load they do. */
const TIMEOUT_MS = 30_000

@Injectable()
export class PrismaService extends PrismaClient implements OnModuleDestroy {
  constructor() {
    const adapter = new PrismaPg({ connectionString: DATABASE_URL, max: CONNECTIONS })
    super({ adapter, transactionOptions: { maxWait: TIMEOUT_MS, timeout: TIMEOUT_MS } })
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect()
  }
}
