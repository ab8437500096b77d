import { aComment } from '../kit/comments.ts'
import { notificationId, setUpNotifications } from '../kit/notifications.ts'
import { type Deeds, describeAccountCheck } from './account-check.contract.ts'

const DEEDS: Deeds<ReturnType<typeof setUpNotifications>> = {
  'list notifications': ({ notificationService }, actor) =>
    notificationService.list({ reader: actor, isUnread: false, after: null, limit: 20 }),
  'read a notification': ({ notificationService }, actor) =>
    notificationService.markAsRead({ reader: actor, id: notificationId(1) }),
  'know of the newest notification': ({ notificationService }, actor) =>
    notificationService.latestId({ reader: actor }),
  'receive notifications': ({ notificationService }, actor) =>
    notificationService.listAfter({ reader: actor, id: null, limit: 20 }),
}

describeAccountCheck(DEEDS, (given) => setUpNotifications({ ...given, comments: [aComment()] }))
