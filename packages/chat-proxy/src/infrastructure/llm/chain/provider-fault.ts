import type { ModelError } from '../../../domain/model-error.js'

/**
 * Whether a failure says that the provider will fail the next call as well. A refusal does when it speaks of the account
 * (key, credit, permission), which is the same for every question; any other refusal speaks of this question, and shows a
 * provider that works.
 * @param error any but `aborted`, which is ours and says nothing about the provider
 */
export const isProviderFault = ({ code, status }: ModelError): boolean =>
  code !== 'rejected' || status === 401 || status === 402 || status === 403
