// The widget says what the server told it when its session started; here that decides one line of the page.
document.addEventListener('chat-session', (event) => {
  document.getElementById('demo-note').hidden = !event.detail.features.demo
})
