import { element, table } from './dom.js';

/**
 * A safe part of Markdown as elements: headings, paragraphs, lists, tables, code, bold, emphasis.
 * Links become their text, pictures are left out, and markup stays text.
 */
export function renderMarkdown(text, { headingsFrom = 3 } = {}) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const made = document.createDocumentFragment();
  let heading = 'Overview';
  for (let at = 0; at < lines.length;) {
    const kind = BLOCKS.find(({ begins }) => begins.test(lines[at]));
    const end = endOf(kind, lines, at);
    const block = lines.slice(at, end);
    if (kind.name === 'heading') {
      heading = block[0].replace(/^#+\s*/, '');
    }
    made.append(...kind.render(block, { headingsFrom, heading }).filter(Boolean));
    at = end;
  }
  return made;
}

const TABLE = /^\s*\|/;
const ITEM = /^\s*(?:[-*+]|\d+\.)\s+/;
const FENCE = /^\s*```/;
const HEADING = /^#{1,6}\s/;

const BLOCKS = [
  { name: 'blank', begins: /^\s*$/, goesOn: () => false, render: () => [] },
  {
    name: 'heading', begins: HEADING, goesOn: () => false,
    render: ([line], { headingsFrom }) => [element(`h${Math.min(6, line.indexOf(' ') - 1 + headingsFrom)}`, {}, ...inline(line.replace(HEADING, '')))],
  },
  {
    name: 'code', begins: FENCE, endsWith: FENCE,
    render: (block) => [element('pre', { tabindex: '0' }, element('code', {}, block.slice(1).filter((line) => !FENCE.test(line)).join('\n')))],
  },
  { name: 'table', begins: TABLE, goesOn: (line) => TABLE.test(line), render: (block, { heading }) => [tableOf(block, heading)] },
  {
    name: 'list', begins: ITEM, goesOn: (line) => ITEM.test(line) || /^\s{2,}\S/.test(line),
    render: (block) => [element(/^\s*\d/.test(block[0]) ? 'ol' : 'ul', {}, ...block.join('\n').split(/\n(?=\s*(?:[-*+]|\d+\.)\s)/).map((item) => element('li', {}, ...inline(item.replace(ITEM, '')))))],
  },
  {
    name: 'paragraph', begins: /.*/, goesOn: (line) => line.trim() !== '' && ![HEADING, FENCE, TABLE, ITEM].some((other) => other.test(line)),
    render: (block) => {
      const content = inline(block.join(' '));
      return [content.length > 0 ? element('p', {}, ...content) : null];
    },
  },
];

function endOf({ goesOn, endsWith }, lines, at) {
  const last = lines.findIndex((line, i) => i > at && (endsWith ? endsWith.test(line) : !goesOn(line)));
  return last < 0 ? lines.length : last + (endsWith ? 1 : 0);
}

function tableOf(block, heading) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, '|'));
  const [head, ...rows] = block.filter((line) => !/^[\s|:-]+$/.test(line) || /\|\s+\|/.test(line)).map(cells);
  const columns = head.map((cell, i) => cell || (i === 0 ? 'name' : 'value'));
  return table(heading, columns, rows.map((row) => row.map((cell) => element('span', {}, ...inline(cell)))));
}

const INLINE = /!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*/g;

function inline(text) {
  const made = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    made.push(text.slice(at, match.index));
    const [, link, code, bold, emphasis] = match;
    if (link !== undefined) {
      made.push(...inline(link));
    } else if (code !== undefined) {
      made.push(element('code', {}, code));
    } else if (bold !== undefined) {
      made.push(element('strong', {}, ...inline(bold)));
    } else if (emphasis !== undefined) {
      made.push(element('em', {}, ...inline(emphasis)));
    }
    at = match.index + match[0].length;
  }
  made.push(text.slice(at));
  return made.filter((part) => part !== '');
}
