/** The database cannot be used as it is set up, however long one waits. The message names the setting, the place and the cause. */
export class StoreRefused extends Error {}
