/** The token of `Authorization: Bearer <token>`; `null` for anything else. The scheme's case does not matter. */
export const bearerToken = (authorization: string | null): string | null =>
  /^bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? null
