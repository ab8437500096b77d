/** Nothing was heard in time; it may still come. */
export class Late extends Error {}

/** The last part of a wait: however long this process was busy with other things, so much is left to hear an answer. */
const LAST_MS = 15

/** What `task` gives, if it does so in time. @throws {Late} */
export function within<Result>(milliseconds: number, task: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Late(`No answer within ${milliseconds} ms.`))
    let timer = setTimeout(() => {
      timer = setTimeout(() => setImmediate(giveUp), LAST_MS)
    }, milliseconds - LAST_MS)
    task.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
