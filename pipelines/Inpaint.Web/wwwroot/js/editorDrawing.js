import { canvasOf } from './dom.js';
import { HANDLES, handlePoint } from './hole.js';

const TINT = 0.72;
const HANDLE = 10;
const scaled = new WeakMap();

/** Draws the photo, its hole and the handles. */
export function drawEditor(editor) {
  const { canvas, photo, scale } = editor;
  if (!photo) {
    return;
  }
  const context = canvas.getContext('2d');
  const pixels = canvas.width / (photo.width * scale);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(scaledPhoto(photo, canvas), 0, 0);
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  if (editor.paints) {
    drawMask(context, editor);
    drawBrush(context, editor);
  } else {
    drawRectangle(context, editor);
  }
}

// Cached, since scaling a large photo on every pointer move is slow.
function scaledPhoto(photo, { width, height }) {
  let copy = scaled.get(photo);
  if (copy?.width !== width || copy?.height !== height) {
    copy = canvasOf(width, height);
    const context = copy.getContext('2d');
    // Integer scales show the pixels sharply.
    context.imageSmoothingEnabled = width % photo.width !== 0;
    context.imageSmoothingQuality = 'high';
    context.drawImage(photo.picture, 0, 0, width, height);
    scaled.set(photo, copy);
  }
  return copy;
}

function drawMask(context, { photo, mask, scale }) {
  context.imageSmoothingEnabled = false;
  context.globalAlpha = TINT;
  context.drawImage(mask.canvas, 0, 0, photo.width * scale, photo.height * scale);
  context.globalAlpha = 1;
}

function drawBrush(context, { cursor, brush, scale }) {
  if (cursor) {
    context.beginPath();
    context.arc(cursor.x * scale, cursor.y * scale, Math.max(1, (brush * scale) / 2), 0, 2 * Math.PI);
    twoToned(context);
  }
}

function drawRectangle(context, { hole, scale }) {
  const [x, y, width, height] = [hole.x, hole.y, hole.width, hole.height].map((value) => value * scale);
  context.fillStyle = `rgb(128 128 128 / ${TINT})`;
  context.fillRect(x, y, width, height);
  context.beginPath();
  context.rect(x, y, width, height);
  twoToned(context);
  for (const handle of HANDLES) {
    const point = handlePoint(hole, handle);
    context.beginPath();
    context.rect(point.x * scale - HANDLE / 2, point.y * scale - HANDLE / 2, HANDLE, HANDLE);
    context.fillStyle = '#fff';
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = '#1b2a4a';
    context.stroke();
  }
}

// Dark and light, to be visible on any photo.
function twoToned(context) {
  context.lineWidth = 3;
  context.strokeStyle = '#1b2a4a';
  context.stroke();
  context.lineWidth = 1.25;
  context.strokeStyle = '#fff';
  context.stroke();
}
