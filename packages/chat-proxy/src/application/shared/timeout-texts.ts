import type { ModelErrorCode } from '../../domain/model-error.js'

/** What people are told about a model that took too long, by what it was that did not come. */
export const TIMEOUT_TEXTS = {
  'timeout-connect': 'The model could not be reached in time. Please try again.',
  'timeout-first-token': 'The model did not begin to answer in time. Please try again.',
  'timeout-between-tokens': 'The model fell silent in the middle of its answer. Please try again.',
} satisfies Partial<Record<ModelErrorCode, string>>
