import { canvasOf, element } from './dom.js';
import { HOLE_COLOUR } from './paintedMask.js';
import { shownScale } from './photo.js';

const MAX_HEIGHT = 640;
// Half of the divider's handle on either side, as the stylesheet has it.
const HANDLE = 36;

/** A completed photo under a divider: left of it the photo with its hole, and on demand the original. */
export function compareView(result) {
  const after = element('img', { src: result.address, alt: `The photo completed by ${result.graph}`, class: 'after', 'data-testid': 'completed', draggable: 'false' });
  const before = canvasOf(result.width, result.height);
  before.className = 'before';
  const original = canvasOf(result.width, result.height);
  original.className = 'original';
  original.hidden = true;
  original.dataset.testid = 'original';
  original.getContext('2d').drawImage(result.photo.picture, 0, 0);

  const divider = element('div', {
    class: 'divider', role: 'slider', tabindex: '0', 'data-testid': 'compare-slider',
    'aria-label': `${result.graph}: how much is shown as it was before`, 'aria-valuemin': '0', 'aria-valuemax': '100',
  });
  const picture = element('div', { class: 'compare' }, after, before, original, divider);
  const frame = element('div', { class: 'compare-frame' }, picture);

  // Of the completed file, so that the known pixels of both sides are the same.
  after.decode().then(() => drawBefore(before, after, result.hole)).catch(() => {});
  slide(picture, before, divider);
  fit(frame, picture, result);
  return { frame, showOriginal: (shown) => { original.hidden = !shown; } };
}

function drawBefore(canvas, completed, { rectangle, mask }) {
  const context = canvas.getContext('2d');
  context.drawImage(completed, 0, 0);
  if (mask) {
    context.drawImage(mask, 0, 0);
  } else {
    context.fillStyle = HOLE_COLOUR;
    context.fillRect(rectangle.x, rectangle.y, rectangle.width, rectangle.height);
  }
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
    const scale = frame.classList.contains('actual-size') ? 1 : shownScale(width, height, frame.clientWidth - HANDLE, MAX_HEIGHT);
    picture.style.width = `${width * scale}px`;
    picture.style.height = `${height * scale}px`;
    picture.classList.toggle('scaled-up', scale >= 1);
  };
  new ResizeObserver(size).observe(frame);
  frame.addEventListener('resized', size);
}
