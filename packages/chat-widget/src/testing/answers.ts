/** One answer with everything that Markdown can do. */
export const everything = `# Plan **one**

Some *emphasis*, **strong *nested* text**, ~~gone~~, \`code\` and a [link](https://example.com/a?b=c&d "title").
A second line with https://auto.example.com/x, mail@example.com and a ref [by name][docs].

- one
- two with **bold**
  - nested \`x\`

  - loose
- [ ] open task
- [x] done task

3. three
4. four

> A quote with *words*
> - and a list
>
> and an end

\`\`\`ts title="x"
const a: string[] = ['**not bold**', \`\${b}\`]

if (a < b && c) return
\`\`\`

| Name | Count | Note |
| :--- | :---: | ---: |
| a \\| b | **1** | \`x\` |
| c | 2 | line<br>break |

Setext heading
---

![Image](https://images.example.com/i.png) &amp; &copy; &#169; \\*not emphasis\\* <b>tag</b>

***

    indented code

~~~
tilde fence
~~~

[docs]: https://docs.example.com/start
Last words, unfinished **bold and \`code`

/** Building blocks of random answers; what matters is how they meet. */
export const fragments: readonly string[] = [
  'plain words',
  'a **bold** b *it* c',
  '# heading',
  '- item',
  '  - nested',
  '    deep',
  '1. first',
  '2) second',
  '> quote',
  '> - quoted list',
  '>> deeper',
  '```js',
  '```',
  '~~~',
  '    code',
  '\tcode',
  '| a | b |',
  '|---|:-:|',
  '| 1 | 2 |',
  'a | b',
  '--- | ---',
  '---',
  '***',
  '===',
  '[ref]: https://example.com "title"',
  'see [ref] and [Ref][] and [it](http://a.example)',
  '![alt](https://a.example/x.png)',
  '<div>',
  '<br>',
  '<!-- comment',
  '-->',
  '- [ ] task',
  '- [x] task',
  '* star',
  '',
  '',
  '',
  '  ',
  '`code`',
  '**open',
  'two spaces  ',
  '\\',
  '&amp; &lt;',
  '#',
  '-',
  '1.',
  '   indented',
  '>',
  '> ```',
  'http://a.example/b?c=d',
  '[x',
  '](y)',
  '"title"',
  '<b>x</b>',
  '=',
  '|',
  'carriage\r\nreturn',
]
