declare const brand: unique symbol

/** A `Value` that only its own parser can make: structurally equal types with different names do not mix. */
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name }
