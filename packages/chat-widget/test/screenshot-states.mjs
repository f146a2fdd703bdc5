// Each state is a function that runs in the page; it may use nothing but its argument.
export const markdown = `## Getting started

You can return any item within **30 days**. It is *free* in most countries, see the [return policy](https://example.com/returns) or \`returns.md\`.

1. Open your order
2. Choose *Return an item*
   - pick a reason
   - add a photo, if it is broken
3. Print the label

| Country | Days | Cost |
| :-- | :-: | --: |
| Germany | 3–5 | free |
| Norway | 5–8 | 4.90 € |
| Japan | 9–14 | 12.00 € |

\`\`\`ts
const order = await shop.orders.find('A-1042')
if (order.isReturnable) {
  await order.startReturn({ reason: 'too small', notify: true })
}
\`\`\`

> Good to know: worn shoes can go back too.

- [x] Order found
- [ ] Label printed

![Diagram of a parcel](https://cdn.example.com/parcel.png)`

const conversation = `({ widget, client, fakeMessage, session }) => {
  widget.open()
  client.set({ session })
  client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'How do I return my shoes? They are a bit too small.' }))
  client.put(fakeMessage({ id: 'm_a1', content: ${JSON.stringify(markdown)} }))
}`

const code = `\`\`\`ts
// Finds an order
@logged
export class Orders extends Base<string> {
  async find(id: number): Promise<Order | null> {
    return /^A-\\d+$/.test(\`A-\${id}\`) ? this.all[id] : null
  }
}
\`\`\`

\`\`\`html
<!-- shop --><a href="/shop" class="x">Shop &amp; more</a>
<style>a:hover { color: #f00; margin: 2px }</style>
\`\`\`

\`\`\`diff
- old line
+ new line
\`\`\`

\`\`\`python
def total(items: list[int]) -> int:
    """Sum of them."""
    return sum(items, start=0) or None
\`\`\``

const formulas = `With rate $r$ and $n$ months, you have
$$S_n = 10 \\cdot \\frac{(1+r)^n - 1}{r}$$
which for \\(r = 0{,}5\\,\\%\\) is about $\\sqrt{2} \\cdot 10^2$.

$$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} \\int_0^\\infty e^{-x^2}\\,dx = \\sum_{k=1}^{n} \\alpha_k + \\text{a long tail that does not fit into the width of a phone or a panel}$$`

export const states = {
  closed: `() => {}`,
  empty: `({ widget }) => widget.open()`,
  loading: `({ widget, client }) => { widget.open(); client.set({ loading: true }) }`,
  conversation,
  highlighted: `async (chat) => {
    chat.widget.extras = 'highlight';
    (${conversation})(chat)
    chat.client.put(chat.fakeMessage({ id: 'm_a2', content: ${JSON.stringify(code)} }))
    await new Promise((done) => setTimeout(done, 600))
  }`,
  formulas: `async (chat) => {
    chat.widget.extras = 'math';
    chat.widget.open()
    chat.client.put(chat.fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'How does my $10 a month grow?' }))
    chat.client.put(chat.fakeMessage({ id: 'm_a1', content: ${JSON.stringify(formulas)} }))
    await chat.find(...chat.LIST, ['chat-widget-message', 1], 'chat-widget-markdown', 'math')
  }`,
  conversationTop: `async (chat) => {
    (${conversation})(chat)
    await new Promise((done) => setTimeout(done, 250))
    const scroller = await chat.find(...chat.LIST, '.scroller')
    scroller.scrollTop -= 10
    scroller.scrollTop = 0
  }`,
  typing: `({ widget }) => { widget.open(); widget.send('Where is my order?') }`,
  streaming: `({ widget, client, fakeMessage }) => {
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Where is my order?' }))
    client.put(fakeMessage({ id: 'm_a1', status: 'streaming', content: 'Your parcel left our warehouse **yesterday** and is now in *Leipz' }))
    client.set({ phase: 'streaming', stillWorking: true })
  }`,
  error: `({ widget, client, fakeMessage }) => {
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Where is my order?' }))
    client.put(fakeMessage({ id: 'm_a1', status: 'interrupted', content: 'Your parcel left our warehouse yesterday' }))
    client.put(fakeMessage({ id: 'm_q2', role: 'user', status: 'sent', content: 'And now?' }))
    client.put(fakeMessage({ id: 'm_a2', status: 'failed', content: '', error: { code: 'rate_limited', retryAfter: 42000 } }))
  }`,
  queued: `({ widget, client, fakeMessage }) => {
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Where is my order?' }))
    client.put(fakeMessage({ id: 'm_a1', status: 'streaming', content: '' }))
    client.set({ phase: 'streaming', queuePlace: 3 })
  }`,
  switchedOff: `async (chat) => {
    (${conversation})(chat)
    await new Promise((done) => setTimeout(done, 100))
    chat.client.set({ session: { ...chat.session, features: { demo: false, chat: false } } })
  }`,
  fullscreen: `(chat) => {
    chat.widget.mode = 'fullscreen';
    (${conversation})(chat)
  }`,
  fullscreenEmpty: `({ widget, client, session }) => {
    widget.mode = 'fullscreen'
    widget.open()
    client.set({ session })
  }`,
  inline: `(chat) => {
    chat.widget.mode = 'inline';
    (${conversation})(chat)
  }`,
  stopped: `({ widget, client, fakeMessage }) => {
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Where is my order?' }))
    client.put(fakeMessage({ id: 'm_a1', status: 'stopped', content: 'Your parcel left our' }))
  }`,
  unreachable: `({ widget, client }) => {
    widget.open()
    setTimeout(() => client.set({ session: null, error: { code: 'protocol' } }), 50)
  }`,
  offline: `({ widget, client, fakeMessage }) => {
    widget.open()
    client.set({ online: false })
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'queued', content: 'Will this arrive?' }))
  }`,
  list: `async ({ widget, client, find }) => {
    widget.open()
    const titles = ['Returning shoes that are too small', 'Where is my order?', 'Gift card for a friend in Japan, with a very long title that does not fit', 'Opening hours', '']
    client.set({ conversationId: 'c_1', conversations: titles.map((title, i) => ({ id: 'c_' + i, title, createdAt: 0, updatedAt: Date.now() - i * i * 40000000 })) })
    ;(await find('chat-widget-panel', '.back')).click()
    await find('chat-widget-panel', 'chat-widget-conversation-list', '.rename')
  }`,
  listRenaming: `async ({ widget, client, find }) => {
    widget.open()
    client.set({ conversationId: 'c_1', conversations: ['Shoes', 'Where is my order?', 'Gift card'].map((title, i) => ({ id: 'c_' + i, title, createdAt: 0, updatedAt: Date.now() - i * 40000000 })) })
    ;(await find('chat-widget-panel', '.back')).click()
    const list = ['chat-widget-panel', 'chat-widget-conversation-list']
    ;(await find(...list, ['.delete', 2])).click()
    await new Promise((done) => setTimeout(done, 100))
    ;(await find(...list, ['.rename', 1])).click()
  }`,
  versions: `async ({ widget, client, fakeMessage }) => {
    widget.open()
    for (const id of ['m_q2', 'm_q2b']) client.known.set(id, ['m_q2', 'm_q2b'])
    for (const id of ['m_a2', 'm_a2b', 'm_a2c']) client.known.set(id, ['m_a2', 'm_a2b', 'm_a2c'])
    const day = 86400000
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Do you ship to Norway?', createdAt: Date.now() - 9 * day }))
    client.put(fakeMessage({ id: 'm_a1', content: 'Yes, in 5 to 8 days.', createdAt: Date.now() - 9 * day }))
    client.put(fakeMessage({ id: 'm_q2b', role: 'user', status: 'sent', content: 'And how much is it?', createdAt: Date.now() }))
    client.put(fakeMessage({ id: 'm_a2b', content: 'It is **4.90 €**, and free from 80 € on.', createdAt: Date.now() }))
    await new Promise((done) => setTimeout(done, 300))
  }`,
  editing: `async ({ widget, client, fakeMessage, find, LIST }) => {
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Do you ship to Norway?', createdAt: Date.now() }))
    client.put(fakeMessage({ id: 'm_a1', content: 'Yes, in 5 to 8 days.', createdAt: Date.now() }))
    ;(await find(...LIST, 'chat-widget-message', 'chat-widget-message-tools', '.edit')).click()
  }`,
  feedback: `async ({ widget, client, fakeMessage, find, LIST }) => {
    widget.followUps = () => ['And to Denmark?', 'Can I pay in euro?', 'Where do I find the tracking number of my parcel?']
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'Do you ship to Norway?', createdAt: Date.now() }))
    client.put(fakeMessage({ id: 'm_a1', content: 'Yes, in 5 to 8 days.', createdAt: Date.now() }))
    ;(await find(...LIST, ['chat-widget-message', 1], 'chat-widget-message-tools', '.down')).click()
  }`,
  limited: `async ({ widget, client, fakeMessage, find }) => {
    widget.open()
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'failed', content: 'Where is my order?', createdAt: Date.now() }))
    client.put(fakeMessage({ id: 'm_a1', status: 'failed', content: '', error: { code: 'rate_limited', retryAfter: 42000 }, createdAt: Date.now() }))
    const input = await find('chat-widget-panel', 'chat-widget-composer', 'textarea')
    input.value = 'I ordered it on Monday'
    input.dispatchEvent(new Event('input'))
  }`,
  unread: `async ({ widget, client, fakeMessage, find }) => {
    widget.open()
    await find('chat-widget-panel', 'chat-widget-composer', 'textarea')
    widget.close()
    for (const status of ['streaming', 'done']) client.put(fakeMessage({ id: 'm_a1', status }))
  }`,
  long: `async ({ widget, client, fakeMessage, session, find }) => {
    widget.heading = 'Support for everything that was ever ordered, '.repeat(7)
    widget.open()
    await new Promise((done) => setTimeout(done, 50))
    client.set({ session: { ...session, limits: { max_message_chars: 200 } } })
    const row = (cell) => '| ' + Array.from({ length: 9 }, (_, i) => cell(i)).join(' | ') + ' |\\n'
    const wide = row((i) => 'Column ' + i) + row(() => '---:') + row((i) => i * 1000) + row((i) => 'words in cell ' + i)
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'sent', content: 'x'.repeat(90) + ' ' + 'A question in many words. '.repeat(12) }))
    client.put(fakeMessage({ id: 'm_a1', content: 'https://example.com/' + 'path/'.repeat(30) + '\\n\\n' + 'Long words, longer sentences, and no end. '.repeat(20) + '\\n\\n\`\`\`\\n' + 'a very long line of code that has to scroll '.repeat(4) + '\\n\`\`\`\\n\\n' + wide }))
    const input = await find('chat-widget-panel', 'chat-widget-composer', 'textarea')
    input.value = 'A draft that grows over some lines. '.repeat(7)
    input.dispatchEvent(new Event('input'))
  }`,
}
