/** Nothing was heard in time; it may still come. */
export class ReplyTimeout extends Error {}

/** The last part of a wait: however long this process was busy with other things, so much is left to hear an answer. */
const GRACE_MS = 15

/** What `task` gives, if it does so in time. @throws {ReplyTimeout} */
export function withTimeout<Result>(milliseconds: number, task: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new ReplyTimeout(`No answer within ${milliseconds} ms.`))
    let timer = setTimeout(() => {
      timer = setTimeout(() => setImmediate(fail), GRACE_MS)
    }, milliseconds - GRACE_MS)
    task.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
