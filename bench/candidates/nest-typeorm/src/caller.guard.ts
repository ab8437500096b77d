import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common'
import { callerOf } from '../../kit/caller.ts'

@Injectable()
export class CallerGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest()
    request.caller = await callerOf(request.headers.authorization)
    return true
  }
}

export const CurrentCaller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest().caller,
)
