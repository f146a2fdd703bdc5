/** Who the visitor is, as the site's own backend or its identity provider says. */
export interface Identity {
  /**
   * From now on the user of `token`, a JWT of the site; with `null` nobody in particular. Call it on every page, and again with a new token
   * before the old one ends: it is kept on no device.
   *
   * A visitor who signs in keeps their conversations. Where one user follows another, or signs out, everything that is kept on
   * this device is wiped first: at once where the token's `sub` tells it, else as soon as the server does. Never rejects: a token that is not
   * good is `snapshot.error`, with the code `auth`.
   */
  identify(token: string | null): Promise<void>
}
