/** The permissions differ from the store. */
export class Differs extends Error {}
