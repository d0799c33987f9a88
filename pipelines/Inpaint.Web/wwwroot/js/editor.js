import { byId } from './dom.js';
import { defaultHole, fitted } from './hole.js';
import { PaintedMask } from './paintedMask.js';
import { drawEditor } from './editorDrawing.js';
import { handleKeys } from './editorKeys.js';
import { handlePointer } from './editorPointer.js';
import { connectTools } from './editorTools.js';
import { MARGINS, ROOM, roomFor, shownScale } from './photo.js';

/**
 * The photo with its hole: a rectangle, or a painted mask.
 * Emits "photo" when a photo is loaded, "kind" when the kind of hole changes, and "change" on every change.
 */
export class Editor extends EventTarget {
  canvas = byId('editor-canvas');
  photo = null;
  hole = null;
  mask = null;
  tool = 'rectangle';
  brush = 24;
  cursor = null;
  scale = 1;
  #frame = 0;

  constructor() {
    super();
    connectTools(this);
    handlePointer(this);
    handleKeys(this);
    new ResizeObserver(() => this.#layOut()).observe(byId('editor'));
    window.addEventListener('resize', () => this.#layOut());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
  }

  get maxBrush() { return Math.max(8, Math.round(Math.min(this.photo.width, this.photo.height) / 2)); }

  get paints() { return this.tool !== 'rectangle'; }

  show(photo, hole) {
    this.photo?.picture.close();
    this.photo = photo;
    this.hole = hole ? fitted(hole, photo) : defaultHole(photo.width, photo.height);
    this.mask = new PaintedMask(photo.width, photo.height);
    this.brush = Math.max(1, Math.round(Math.min(photo.width, photo.height) / 10));
    this.cursor = null;
    this.canvas.setAttribute('aria-label', `${photo.name}, ${photo.width} by ${photo.height} pixels, with its hole`);
    this.dispatchEvent(new Event('photo'));
    this.#layOut();
    this.changed();
  }

  setHole(hole) {
    this.hole = fitted(hole, this.photo);
    this.changed();
  }

  setTool(tool) {
    const wasPainting = this.paints;
    this.tool = tool;
    this.changed();
    if (wasPainting !== this.paints) {
      this.dispatchEvent(new Event('kind'));
    }
  }

  setBrush(size) {
    this.brush = Math.min(this.maxBrush, Math.max(1, Math.round(size)));
    this.changed();
  }

  changed() {
    this.redraw();
    this.dispatchEvent(new Event('change'));
  }

  redraw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => drawEditor(this));
  }

  /** The position of a pointer in photo pixels. */
  pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / this.scale, y: (event.clientY - box.top) / this.scale };
  }

  #layOut() {
    if (!this.photo || byId('editor').clientWidth === 0) {
      return;
    }
    const { width, height } = this.photo;
    this.scale = shownScale(width, height, byId('editor').clientWidth - MARGINS, roomFor(...ROOM));
    const pixels = window.devicePixelRatio || 1;
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * this.scale * pixels)));
    this.canvas.style.width = `${width * this.scale}px`;
    this.canvas.style.height = `${height * this.scale}px`;
    if (this.canvas.width !== across || this.canvas.height !== down) {
      this.canvas.width = across;
      this.canvas.height = down;
    }
    // Immediately, since resizing clears a canvas.
    drawEditor(this);
  }
}
