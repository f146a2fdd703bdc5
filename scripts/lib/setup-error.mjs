/** Something a person has to put right; its message is what the command prints before it exits 1. */
export class SetupError extends Error {}
