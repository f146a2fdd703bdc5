// One line of the page depends on which model answers.
const response = await fetch('about.json')
const { isDemo } = await response.json()
document.getElementById('demo-note').hidden = !isDemo
