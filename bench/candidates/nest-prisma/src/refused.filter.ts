import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import { Refused } from '../../kit/refused.ts'

@Catch(Refused)
export class RefusedFilter implements ExceptionFilter {
  catch({ status, message }: Refused, host: ArgumentsHost): void {
    host.switchToHttp().getResponse().status(status).send({ status, title: message })
  }
}
