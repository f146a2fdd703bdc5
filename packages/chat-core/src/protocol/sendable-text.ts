/**
 * Text as the proxy takes it: U+0000 and halves of surrogate pairs, which it refuses, become U+FFFD. They come with what is pasted, and
 * whoever pasted it can neither see nor remove them.
 */
export const sendableText = (text: string): string => text.replace(/\0|\p{Cs}/gu, '\ufffd')
