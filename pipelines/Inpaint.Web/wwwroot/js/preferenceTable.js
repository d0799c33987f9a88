import { element, table } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 200;
const HEIGHT = 20;
const MARGIN = 6;

/** The preference table: the strength of each graph with its confidence interval, as numbers and as a chart. */
export function preferenceTable({ votes, graphs }) {
  if (votes === 0 || graphs.length === 0) {
    return [element('p', { class: 'hint' }, 'No votes yet.')];
  }
  const sorted = [...graphs].sort((a, b) => b.strength - a.strength);
  const place = scaleOf(sorted);
  const rows = sorted.map((graph) => [
    graph.name,
    figure(graph.strength),
    bar(graph, place),
    element('span', { class: 'unbroken' }, `${figure(graph.low)} to ${figure(graph.high)}`),
    String(graph.wins), String(graph.losses), String(graph.ties),
  ]);
  return [
    element('p', { 'data-testid': 'judge-votes' }, `${votes} ${votes === 1 ? 'vote' : 'votes'}.`),
    table('Strength with its confidence interval', ['graph', 'strength', 'chart', 'interval', 'wins', 'losses', 'ties'], rows),
  ];
}

const figure = (value) => (Number.isFinite(value) ? value.toFixed(2) : 'open');

// Spans all intervals.
function scaleOf(graphs) {
  const ends = graphs.flatMap(({ low, strength, high }) => [low, strength, high]).filter(Number.isFinite);
  const [min, max] = [Math.min(...ends), Math.max(...ends)];
  return (value, open) => (Number.isFinite(value) ? MARGIN + ((WIDTH - 2 * MARGIN) * (value - min)) / (max - min || 1) : open);
}

function bar({ strength, low, high }, place) {
  const picture = shape('svg', {
    class: 'strength', width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true', focusable: 'false',
  });
  const [from, at, to] = [place(low, 0), place(strength, WIDTH / 2), place(high, WIDTH)];
  picture.append(
    shape('rect', { class: 'strength-bar', x: 0, y: 7, width: at, height: 6, rx: 3 }),
    shape('path', { class: 'strength-interval', d: `M${from} 10H${to}M${from} 5V15M${to} 5V15` }),
    shape('circle', { class: 'strength-point', cx: at, cy: 10, r: 4.5 }));
  return picture;
}

function shape(name, attributes) {
  const created = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    created.setAttribute(key, value);
  }
  return created;
}
