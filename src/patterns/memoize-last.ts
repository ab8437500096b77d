/** A pure function that remembers its last result, for as long as it is asked for the same again. */
export function memoizeLast<Input extends string | number | object, Output>(work: (input: Input) => Output) {
  let last: Readonly<{ input: Input; output: Output }> | null = null

  return (input: Input): Output => {
    if (last === null || last.input !== input) last = { input, output: work(input) }
    return last.output
  }
}
