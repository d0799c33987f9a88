import { canvasOf } from './dom.js';

export const HOLE_COLOUR = '#808080';

/**
 * A painted mask, opaque where the photo is hidden. It is kept as a list of operations: undo repaints all but the last,
 * which needs no copies of large canvases.
 */
export class PaintedMask {
  #done = [];
  #undone = [];
  // The stroke being drawn, which any other operation ends.
  #stroke = null;

  constructor(width, height) {
    this.canvas = canvasOf(width, height);
    this.context = this.canvas.getContext('2d', { willReadFrequently: true });
  }

  get canUndo() { return this.#done.length > 0; }

  get canRedo() { return this.#undone.length > 0; }

  beginStroke(point, size, erases) {
    const stroke = { kind: 'stroke', points: [point], size, erases };
    this.#add(stroke);
    this.#stroke = stroke;
  }

  /** Extends the stroke to a point, unless it has ended. */
  continueStroke(point) {
    if (this.#stroke) {
      const from = this.#stroke.points.at(-1);
      this.#stroke.points.push(point);
      paintSegment(this.context, this.#stroke, from, point);
    }
  }

  endStroke() { this.#stroke = null; }

  clear() { this.#add({ kind: 'clear' }); }

  invert() { this.#add({ kind: 'invert' }); }

  /** Replaces the mask with an image of the photo's size, white where it is hidden. */
  load(picture) {
    const canvas = canvasOf(this.canvas.width, this.canvas.height);
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    const bytes = image.data;
    for (let i = 0; i < bytes.length; i += 4) {
      const isWhite = 299 * bytes[i] + 587 * bytes[i + 1] + 114 * bytes[i + 2] >= 128_000;
      bytes[i + 3] = isWhite ? 255 : 0;
    }
    context.putImageData(image, 0, 0);
    context.globalCompositeOperation = 'source-in';
    context.fillStyle = HOLE_COLOUR;
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.#add({ kind: 'picture', canvas });
  }

  undo() {
    this.endStroke();
    if (this.canUndo) {
      this.#undone.push(this.#done.pop());
      this.#repaint();
    }
  }

  redo() {
    this.endStroke();
    if (this.canRedo) {
      this.#done.push(this.#undone.pop());
      paint(this.context, this.#done.at(-1));
    }
  }

  /** The binarised mask that the service will see: a canvas, and the number of hidden pixels. */
  snapshot() {
    const { width, height } = this.canvas;
    const image = this.context.getImageData(0, 0, width, height);
    let hidden = 0;
    for (let i = 3; i < image.data.length; i += 4) {
      const isHidden = image.data[i] >= 128;
      image.data[i] = isHidden ? 255 : 0;
      hidden += isHidden ? 1 : 0;
    }
    const canvas = canvasOf(width, height);
    canvas.getContext('2d').putImageData(image, 0, 0);
    return { canvas, hidden };
  }

  #add(operation) {
    this.endStroke();
    this.#done.push(operation);
    this.#undone = [];
    paint(this.context, operation);
  }

  #repaint() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#done.forEach((operation) => paint(this.context, operation));
  }
}

/** A PNG of a snapshot: white where it is opaque, and black elsewhere. */
export function maskPng(snapshot) {
  const canvas = canvasOf(snapshot.width, snapshot.height);
  const context = canvas.getContext('2d');
  context.drawImage(snapshot, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

function paint(context, operation) {
  const { width, height } = context.canvas;
  context.fillStyle = HOLE_COLOUR;
  switch (operation.kind) {
    case 'stroke':
      paintStroke(context, operation);
      break;
    case 'clear':
      context.clearRect(0, 0, width, height);
      break;
    case 'invert':
      context.globalCompositeOperation = 'xor';
      context.fillRect(0, 0, width, height);
      context.globalCompositeOperation = 'source-over';
      break;
    case 'picture':
      context.clearRect(0, 0, width, height);
      context.drawImage(operation.canvas, 0, 0);
      break;
  }
}

// Segment by segment, as it was drawn: the edges of a single path are softer, so it would hide fewer pixels.
function paintStroke(context, stroke) {
  stroke.points.forEach((point, i) => paintSegment(context, stroke, stroke.points[Math.max(0, i - 1)], point));
}

function paintSegment(context, { size, erases }, from, to) {
  context.save();
  context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
  context.strokeStyle = HOLE_COLOUR;
  context.lineWidth = size;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.restore();
}
