import type { NewTask } from '../../src/model/task.ts'

/** What somebody could call a task so that a picture of it becomes something else. */
export const hostileTitles: readonly string[] = [
  '"><script>document.title="taken"</script>',
  '</script><img src=x onerror="document.title=\'taken\'">',
  '</title></style></svg><svg onload=alert(1)>',
  ']]> --> <!-- &lt;b&gt; &amp;',
  '`$' + '{document.title}`',
  'ends with a backslash \\',
  '"; t0 -> t9 [URL="http://evil.example/"]; "',
  '\\N \\G \\E \\l',
  'end',
  'graph',
  '%%{init: {"theme": "forest"}}%%',
  '"]:::batch0; click t0 "http://evil.example/"',
  '`**markdown**` _it_ # 1. list',
  '#quot; #35; &#34;',
  'a\nb\r\nc\u2028d',
  '\u202eevil\u2066rtl\u200f',
  '\u001b[31mred\u001b[0m\u0007\u0000',
  'half a \ud83d character',
  '日本語のタイトル 👩‍👩‍👧‍👦 e\u0301',
  'x'.repeat(3000),
]

/** Ids that an object of JavaScript has already, or that are syntax. */
const hostileIds = ['constructor', '__proto__', 'toString', 'end', '"', '-->', '<b>', '10', '2', "'"]

export const hostileTasks: readonly NewTask[] = hostileTitles.map((title, index) => ({
  id: hostileIds[index] ?? `id ${index} ${title.replace(/[^ -~]/g, '').slice(0, 150)}`,
  title,
  writes: [`src/${index % 7}/${index % 2 === 0 ? '<b>&' : '**'}`],
  minutes: 5 + index,
  ...(index > 10 ? { dependsOn: [hostileIds[index % 8] ?? ''] } : {}),
}))
