import type { OpenAI } from 'openai'
import type {
  ModelMessage,
  ModelParameters,
  ModelRequest,
  ModelTool,
  ToolCall,
} from '../../domain/ports/chat-model.js'
import type { ProviderQuirks } from './presets.js'

/** The request as OpenAI's contract has it. Fields that are not needed are left out: some providers refuse what they do not know. */
export function requestBody(
  model: string,
  { messages, tools = [], toolChoice, parameters = {}, maxTokens }: ModelRequest,
  { omitStreamOptions = false, maxTokensField = 'max_tokens' }: ProviderQuirks,
): OpenAI.ChatCompletionCreateParamsStreaming {
  return {
    // Names and meaning are those of the contract, whose types only lack `readonly`.
    ...(parameters as Partial<OpenAI.ChatCompletionCreateParamsStreaming>),
    ...(maxTokens !== undefined && cappedAt(maxTokens, parameters, maxTokensField)),
    model,
    messages: messages.map(toMessage),
    stream: true,
    ...(!omitStreamOptions && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: tools.map(toTool) }),
    ...(tools.length > 0 && toolChoice !== undefined && { tool_choice: toToolChoice(toolChoice) }),
  }
}

/** What the caller asked for, if that is less. */
function cappedAt(
  most: number,
  { max_tokens, max_completion_tokens }: ModelParameters,
  field: NonNullable<ProviderQuirks['maxTokensField']>,
): { max_tokens?: number; max_completion_tokens?: number } {
  const asked = max_completion_tokens ?? max_tokens ?? most
  const name = max_completion_tokens === undefined && max_tokens !== undefined ? 'max_tokens' : field
  return { [max_completion_tokens === undefined ? name : 'max_completion_tokens']: Math.min(asked, most) }
}

function toMessage(message: ModelMessage): OpenAI.ChatCompletionMessageParam {
  if (message.role === 'tool')
    return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const { content, toolCalls = [] } = message
  if (toolCalls.length === 0) return { role: 'assistant', content }
  return { role: 'assistant', content: content === '' ? null : content, tool_calls: toolCalls.map(toCall) }
}

const toCall = ({ id, name, arguments: json }: ToolCall): OpenAI.ChatCompletionMessageFunctionToolCall => ({
  id,
  type: 'function',
  function: { name, arguments: json },
})

const toTool = ({ name, description, parameters, strict }: ModelTool): OpenAI.ChatCompletionFunctionTool => ({
  type: 'function',
  function: {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters: { ...parameters } }),
    ...(strict !== undefined && { strict }),
  },
})

const toToolChoice = (
  choice: NonNullable<ModelRequest['toolChoice']>,
): OpenAI.ChatCompletionToolChoiceOption =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }
