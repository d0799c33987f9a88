import { byId, element } from './dom.js';
import { shownScale } from './photo.js';

const MAX_HEIGHT = 520;

/** Shows a pair; the pictures before it are forgotten. */
export function showPair(pair) {
  byId('judge-caption').textContent = pair.caption ?? '';
  for (const side of ['left', 'right']) {
    const place = pictureOf(side);
    forget(place);
    const image = pair[side];
    image.alt = `The ${side} picture`;
    place.replaceChildren(image, holeMark(pair));
    fit(place, pair);
  }
  showHole(byId('judge-hole').getAttribute('aria-pressed') === 'true');
}

export function clearPair(sentence) {
  byId('judge-caption').textContent = sentence;
  for (const side of ['left', 'right']) {
    forget(pictureOf(side));
    pictureOf(side).replaceChildren();
  }
}

export function showHole(marked) {
  for (const mark of document.querySelectorAll('.hole-mark')) {
    mark.hidden = !marked;
  }
}

const pictureOf = (side) => byId(`judge-${side}`).querySelector('.pair-picture');

function forget(place) {
  const image = place.querySelector('img');
  if (image) {
    URL.revokeObjectURL(image.src);
  }
}

function holeMark({ hole, width, height }) {
  const mark = element('span', { class: 'hole-mark', 'data-testid': 'hole-mark' });
  Object.assign(mark.style, {
    left: `${(100 * hole.x) / width}%`,
    top: `${(100 * hole.y) / height}%`,
    width: `${(100 * hole.width) / width}%`,
    height: `${(100 * hole.height) / height}%`,
  });
  return mark;
}

function fit(place, { width, height }) {
  const room = place.parentElement.clientWidth - 24;
  const scale = shownScale(width, height, room, MAX_HEIGHT);
  place.style.width = `${width * scale}px`;
  place.style.height = `${height * scale}px`;
  place.classList.toggle('scaled-up', scale >= 1);
}
