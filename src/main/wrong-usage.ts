/** The command line says something that nobody understands. */
export class WrongUsage extends Error {}
