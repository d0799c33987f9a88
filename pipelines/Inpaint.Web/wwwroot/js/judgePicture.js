import { byId, overlay } from './dom.js';
import { roomFor, shownScale } from './photo.js';

const SIDES = ['left', 'right'];
const NAMES = { left: 'A', right: 'B' };
// Height of everything else, and the range of the pictures' height: side by side, and stacked.
const SIDE_BY_SIDE = [400, 160, 560];
const STACKED = [326, 240, 900];
const stacks = matchMedia('(max-width: 600px) and (orientation: portrait)');

let shown = null;
new ResizeObserver(() => shown && SIDES.forEach((side) => fit(pictureOf(side), shown))).observe(byId('judge-pair'));
window.addEventListener('resize', () => shown && SIDES.forEach((side) => fit(pictureOf(side), shown)));

/** Shows a pair in place of the previous one. */
export function showPair(pair) {
  shown = pair;
  byId('judge-caption').textContent = pair.caption ?? '';
  for (const side of SIDES) {
    const image = pair[side];
    image.alt = `Picture ${NAMES[side]}`;
    pictureOf(side).replaceChildren(image, overlay(pair.hole, pair, { class: 'hole-mark', 'data-testid': 'hole-mark' }));
    fit(pictureOf(side), pair);
  }
  showHole(byId('judge-hole').getAttribute('aria-pressed') === 'true');
}

export function clearPair(message) {
  shown = null;
  byId('judge-caption').textContent = message;
  SIDES.forEach((side) => pictureOf(side).replaceChildren());
}

export function showHole(marked) {
  for (const mark of document.querySelectorAll('.hole-mark')) {
    mark.hidden = !marked;
  }
}

const pictureOf = (side) => byId(`judge-${side}`).querySelector('.pair-picture');

function fit(place, { width, height }) {
  const room = place.parentElement.clientWidth - 24;
  const [others, min, max] = stacks.matches ? STACKED : SIDE_BY_SIDE;
  const down = roomFor(others, min, max);
  const scale = shownScale(width, height, room, stacks.matches ? Math.max(140, down / 2) : down);
  place.style.width = `${width * scale}px`;
  place.style.height = `${height * scale}px`;
  place.classList.toggle('scaled-up', Number.isInteger(scale));
}
