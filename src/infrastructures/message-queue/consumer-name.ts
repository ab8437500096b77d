/** A name that every queue can make part of its own names. */
export function checkConsumerName(name: string): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new Error(`"${name}" is no name for a consumer: say it like-this.`)
}
