/** A new visitor of the proxy at this address. @returns the token */
export async function newVisitor(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/chat/start`, { method: 'POST' })
  // The shape is that of the contract, which other tests check.
  const { token } = (await response.json()) as { token: string }
  return token
}
