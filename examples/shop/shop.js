// The launcher does what this page needs before the chat's own code is there: calls are kept and done in order.
const chat = document.querySelector('chat-widget')

for (const button of document.querySelectorAll('.ask')) {
  button.addEventListener('click', () => {
    chat.open()
    chat.send(button.dataset.question)
  })
}
