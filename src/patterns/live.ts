/**
 * A value that may change while the service runs: whoever uses it asks for it each time. It is the same object until it
 * changes, so that what follows from it can be remembered.
 */
export type Live<Value> = () => Value
