import { element, table } from './dom.js';

const COLUMNS = ['shape', 'content', 'values'];

/** The manifest of a graph, as tables. */
export function contractOf(graph) {
  return [
    factsOf(graph),
    graph.inputs ? table('Inputs', ['input', ...COLUMNS], graph.inputs.flatMap((input) => inputRows(input, graph))) : null,
    graph.output ? table('Output', ['output', ...COLUMNS], [outputRow(graph)]) : null,
    scoresOf(graph.scores),
  ].filter(Boolean);
}

function factsOf({ size, hole, caption, licence, sha256, loaded, loaded_at: loadedAt, provider }) {
  const facts = [
    ['picture', size && pictureText(size)],
    ['hole', hole && holeText(hole)],
    ['caption', caption ? captionText(caption) : 'not used'],
    ['loaded', loaded ? `on ${provider}, since ${new Date(loadedAt).toLocaleString()}` : 'not yet; it is loaded on first use'],
    ['licence', licence],
    ['SHA-256', sha256 && element('code', { class: 'hash' }, sha256)],
  ];
  return element('dl', { class: 'facts' }, ...facts.filter(([, fact]) => fact)
    .flatMap(([name, fact]) => [element('dt', {}, name), element('dd', {}, fact)]));
}

function pictureText({ width, height, multiple_of: multiple, max_side: most }) {
  return width && height ? `${width} × ${height}` : `any size up to ${most} per side${multiple > 1 ? `, multiples of ${multiple}` : ''}`;
}

const holeText = ({ kind, x, y, width, height }) =>
  (kind === 'fixed' ? `always ${width} × ${height} at ${x}, ${y}` : { free: 'any mask', rectangle: 'any rectangle' }[kind] ?? kind);

const captionText = ({ required, encoding, combine, vocabulary_size: words }) =>
  `${required ? 'required' : 'optional'}, ${words} words, ${encoding}${combine ? `, several captions: ${combine}` : ''}`;

function inputRows({ name, type, layout, parts }, graph) {
  return parts.map((part) => {
    const isCaption = part.role === 'caption';
    return [
      element('code', {}, name),
      `${type} ${isCaption ? `[N, ${graph.caption?.vocabulary_size ?? '?'}]` : shapeOf(layout, channelsOf(parts), graph.size)}`,
      isCaption ? 'words of the caption' : part.role === 'mask' ? 'mask' : `photo, ${part.channels}`,
      isCaption ? graph.caption?.encoding ?? '' : valuesOf(part),
    ];
  });
}

function valuesOf({ role, range, hidden, known, hole }) {
  return role === 'mask' ? `${hole} hidden, ${known} known` : `${range[0]} to ${range[1]}, ${hidden} where hidden`;
}

function outputRow({ output, size, hole }) {
  const box = output.content === 'fill' && hole?.kind === 'fixed' ? hole : size;
  const content = { fill: 'the hole only', picture: 'the whole picture', pasted: 'the whole picture, known pixels unchanged' };
  return [
    element('code', {}, output.name),
    `${output.type} ${shapeOf(output.layout, 3, box)}`,
    content[output.content] ?? output.content,
    `${output.range[0]} to ${output.range[1]}`,
  ];
}

const channelsOf = (parts) => parts.reduce((sum, { role }) => sum + (role === 'mask' ? 1 : 3), 0);

function shapeOf(layout, channels, { width = 'W', height = 'H' } = {}) {
  return layout === 'nhwc' ? `[N, ${height}, ${width}, ${channels}]` : `[N, ${channels}, ${height}, ${width}]`;
}

function scoresOf(scores = {}) {
  const sets = Object.keys(scores);
  if (sets.length === 0) {
    return null;
  }
  const names = [...new Set(sets.flatMap((set) => Object.keys(scores[set])))];
  const figure = (value) => (value === undefined ? '' : Number.isInteger(value) ? String(value) : value.toFixed(4));
  const rows = names.map((name) => [name, ...sets.map((set) => figure(scores[set][name]))]);
  return table('Scores', ['metric', ...sets], rows, { numbersFrom: 1 });
}
