import { createAccountGuard } from '../../src/domains/services/account-guard.ts'
import { createNotificationService } from '../../src/domains/services/notification-service.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { notificationId } from '../kit/notifications.ts'
import type { SimulatedProcess } from '../kit/simulated-process.ts'
import type { SimulatedForum } from './simulated-forum.ts'

/** The service as a process has it. */
export function notificationsIn(
  process: SimulatedProcess,
  forum: SimulatedForum,
  breaking?: (driver: StoreDriver) => StoreDriver,
) {
  const store = forum.storeOf(process, breaking)
  const now = forum.today
  const newId = () => notificationId(forum.newNumber())
  return createNotificationService({ accounts: createAccountGuard({ store, now }), store, now, newId })
}
