import { element, table } from './dom.js';

/**
 * Renders a safe subset of Markdown: headings, paragraphs, lists, tables, code, bold, emphasis.
 * Links are reduced to their text, images are omitted, and HTML remains text.
 */
export function renderMarkdown(text, { headingsFrom = 3 } = {}) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const fragment = document.createDocumentFragment();
  let heading = 'Overview';
  for (let at = 0; at < lines.length;) {
    const kind = BLOCKS.find(({ starts }) => starts.test(lines[at]));
    const end = endOf(kind, lines, at);
    const block = lines.slice(at, end);
    if (kind.name === 'heading') {
      heading = block[0].replace(/^#+\s*/, '');
    }
    fragment.append(...kind.render(block, { headingsFrom, heading }).filter(Boolean));
    at = end;
  }
  return fragment;
}

const TABLE = /^\s*\|/;
const ITEM = /^\s*(?:[-*+]|\d+\.)\s+/;
const FENCE = /^\s*```/;
const HEADING = /^#{1,6}\s/;

const BLOCKS = [
  { name: 'blank', starts: /^\s*$/, continues: () => false, render: () => [] },
  {
    name: 'heading', starts: HEADING, continues: () => false,
    render: ([line], { headingsFrom }) => {
      const level = Math.min(6, line.indexOf(' ') - 1 + headingsFrom);
      return [element(`h${level}`, {}, ...inline(line.replace(HEADING, '')))];
    },
  },
  {
    name: 'code', starts: FENCE, ends: FENCE,
    render: (block) => {
      const text = block.slice(1).filter((line) => !FENCE.test(line)).join('\n');
      return [element('pre', { tabindex: '0' }, element('code', {}, text))];
    },
  },
  { name: 'table', starts: TABLE, continues: (line) => TABLE.test(line), render: (block, { heading }) => [tableOf(block, heading)] },
  {
    name: 'list', starts: ITEM, continues: (line) => ITEM.test(line) || /^\s{2,}\S/.test(line),
    render: (block) => {
      const items = block.join('\n').split(/\n(?=\s*(?:[-*+]|\d+\.)\s)/);
      const list = /^\s*\d/.test(block[0]) ? 'ol' : 'ul';
      return [element(list, {}, ...items.map((item) => element('li', {}, ...inline(item.replace(ITEM, '')))))];
    },
  },
  {
    name: 'paragraph', starts: /.*/,
    continues: (line) => line.trim() !== '' && ![HEADING, FENCE, TABLE, ITEM].some((other) => other.test(line)),
    render: (block) => {
      const content = inline(block.join(' '));
      return [content.length > 0 ? element('p', {}, ...content) : null];
    },
  },
];

function endOf({ continues, ends }, lines, at) {
  const last = lines.findIndex((line, i) => i > at && (ends ? ends.test(line) : !continues(line)));
  return last < 0 ? lines.length : last + (ends ? 1 : 0);
}

function tableOf(block, heading) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, '|'));
  const [head, ...rows] = block.filter((line) => !/^[\s|:-]+$/.test(line) || /\|\s+\|/.test(line)).map(cells);
  const columns = head.map((cell, i) => cell || (i === 0 ? 'name' : 'value'));
  return table(heading, columns, rows.map((row) => row.map((cell) => element('span', {}, ...inline(cell)))));
}

const INLINE = /!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*/g;

function inline(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(at, match.index));
    const [, link, code, bold, emphasis] = match;
    if (link !== undefined) {
      parts.push(...inline(link));
    } else if (code !== undefined) {
      parts.push(element('code', {}, code));
    } else if (bold !== undefined) {
      parts.push(element('strong', {}, ...inline(bold)));
    } else if (emphasis !== undefined) {
      parts.push(element('em', {}, ...inline(emphasis)));
    }
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== '');
}
