/**
 * A value that may change while the service runs: its users call it each time. It returns the same object until the value
 * changes, so that derived values can be cached.
 */
export type Live<Value> = () => Value
