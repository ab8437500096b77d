/** Whether a task succeeds; why it failed is of no interest. */
export const succeeded = (task: Promise<unknown>): Promise<boolean> =>
  task.then(
    () => true,
    () => false,
  )
