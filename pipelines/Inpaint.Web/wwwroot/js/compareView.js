import { element, overlay } from './dom.js';
import { MARGINS, ROOM, roomFor, shownScale } from './photo.js';

/**
 * A completed photo with a divider: the photo with its hole is shown to the left of it, and the original on demand.
 * All are images of blobs, which `dispose` releases: canvases would take four bytes per pixel each.
 */
export function compareView(result) {
  const urls = [];
  const urlOf = (blob) => {
    urls.push(URL.createObjectURL(blob));
    return urls.at(-1);
  };
  const url = urlOf(result.png);
  const picture = (source, attributes) => element('img', { src: source, alt: '', draggable: 'false', ...attributes });
  const after = picture(url, { alt: `The photo completed by ${result.graph}`, class: 'after', 'data-testid': 'completed' });
  // Shows the completed file too, so that the known pixels of both sides are equal.
  const hole = result.hole.hidden ? picture(urlOf(result.hole.hidden)) : overlay(result.hole.rectangle, result, { class: 'hidden-part' });
  const before = element('div', { class: 'before' }, picture(url), hole);
  const original = picture(urlOf(result.original.blob), { class: 'original', 'data-testid': 'original', hidden: true });

  const divider = element('div', {
    class: 'divider', role: 'slider', tabindex: '0', 'data-testid': 'compare-slider',
    'aria-label': `${result.graph}: share of the photo shown before the fill`, 'aria-valuemin': '0', 'aria-valuemax': '100',
  });
  const compared = element('div', { class: 'compare' }, after, before, original, divider);
  const frame = element('div', { class: 'compare-frame' }, compared);
  slide(compared, before, divider);
  fit(frame, compared, result);
  return {
    frame,
    url,
    showOriginal: (shown) => { original.hidden = !shown; },
    dispose: () => urls.forEach((each) => URL.revokeObjectURL(each)),
  };
}

function slide(picture, before, divider) {
  let share = 0;
  const set = (value) => {
    share = Math.min(100, Math.max(0, value));
    before.style.clipPath = `inset(0 ${100 - share}% 0 0)`;
    divider.style.left = `${share}%`;
    divider.setAttribute('aria-valuenow', String(Math.round(share)));
    divider.setAttribute('aria-valuetext', `${Math.round(share)} % before`);
  };
  const setFrom = (event) => {
    const box = picture.getBoundingClientRect();
    set((100 * (event.clientX - box.left)) / box.width);
  };
  picture.addEventListener('pointerdown', (event) => {
    if (event.button === 0) {
      picture.setPointerCapture(event.pointerId);
      divider.focus({ preventScroll: true });
      event.preventDefault();
      setFrom(event);
    }
  });
  picture.addEventListener('pointermove', (event) => {
    if (picture.hasPointerCapture(event.pointerId)) {
      setFrom(event);
    }
  });
  divider.addEventListener('keydown', (event) => {
    const steps = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
    if (event.key in steps) {
      event.preventDefault();
      set(share + steps[event.key]);
    }
  });
  set(0);
}

function fit(frame, picture, { width, height }) {
  const size = () => {
    const scale = frame.classList.contains('actual-size') ? 1 : shownScale(width, height, frame.clientWidth - MARGINS, roomFor(...ROOM));
    picture.style.width = `${width * scale}px`;
    picture.style.height = `${height * scale}px`;
    picture.classList.toggle('scaled-up', Number.isInteger(scale));
  };
  new ResizeObserver(size).observe(frame);
  frame.addEventListener('resized', size);
}
