/** No reply came in time; it may still come. */
export class ReplyTimeout extends Error {}

/** The last part of a wait: even if this process was busy until then, so much time is left to read a reply. */
const GRACE_MS = 15

/** The result of `task`, if it comes in time. @throws {ReplyTimeout} */
export function withTimeout<Result>(milliseconds: number, task: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new ReplyTimeout(`No answer within ${milliseconds} ms.`))
    let timer = setTimeout(() => {
      timer = setTimeout(() => setImmediate(fail), GRACE_MS)
    }, milliseconds - GRACE_MS)
    task.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
