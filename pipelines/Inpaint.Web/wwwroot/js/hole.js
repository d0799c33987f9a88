// Rectangles in photo pixels: { x, y, width, height }.

/** The default hole of the service: the center half of the centered square. */
export function defaultHole(photoWidth, photoHeight) {
  const side = Math.min(photoWidth, photoHeight);
  const quarter = Math.floor(side / 4);
  return {
    x: Math.floor((photoWidth - side) / 2) + quarter,
    y: Math.floor((photoHeight - side) / 2) + quarter,
    width: Math.max(1, Math.floor(side / 2)),
    height: Math.max(1, Math.floor(side / 2)),
  };
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Rounds a rectangle to integer pixels inside the photo, at least one pixel wide and high. */
export function fitted(hole, photo) {
  const width = clamp(Math.round(hole.width), 1, photo.width);
  const height = clamp(Math.round(hole.height), 1, photo.height);
  return { x: clamp(Math.round(hole.x), 0, photo.width - width), y: clamp(Math.round(hole.y), 0, photo.height - height), width, height };
}

export const moved = (hole, dx, dy, photo) => fitted({ ...hole, x: hole.x + dx, y: hole.y + dy }, photo);

/** Moves the right and bottom edges. */
export const resized = (hole, dx, dy, photo) => fitted({
  ...hole,
  width: clamp(hole.width + dx, 1, photo.width - hole.x),
  height: clamp(hole.height + dy, 1, photo.height - hole.y),
}, photo);

/** The rectangle between two points, clamped to the photo. */
export function between(a, b, photo) {
  const [left, right] = [a.x, b.x].map((x) => clamp(Math.round(x), 0, photo.width)).sort((p, q) => p - q);
  const [top, bottom] = [a.y, b.y].map((y) => clamp(Math.round(y), 0, photo.height)).sort((p, q) => p - q);
  return fitted({ x: left, y: top, width: right - left, height: bottom - top }, photo);
}

/** The handles at corners and sides: the edges that each one drags. */
export const HANDLES = [[-1, -1], [0, -1], [1, -1], [-1, 0], [1, 0], [-1, 1], [0, 1], [1, 1]];

export const handlePoint = (hole, [h, v]) => ({ x: hole.x + (hole.width * (h + 1)) / 2, y: hole.y + (hole.height * (v + 1)) / 2 });

/** The rectangle after a handle was dragged to a point. */
export function dragged(hole, [h, v], point, photo) {
  const from = { x: h < 0 ? point.x : hole.x, y: v < 0 ? point.y : hole.y };
  const to = { x: h > 0 ? point.x : hole.x + hole.width, y: v > 0 ? point.y : hole.y + hole.height };
  return between(from, to, photo);
}

export const contains = (hole, point) =>
  point.x >= hole.x && point.y >= hole.y && point.x < hole.x + hole.width && point.y < hole.y + hole.height;

export const holeText = (hole) => `${hole.x},${hole.y},${hole.width},${hole.height}`;

/** Parses x,y,width,height; null for anything else. */
export function parseHole(text) {
  const numbers = (text ?? '').split(',').map(Number);
  return numbers.length === 4 && numbers.every(Number.isInteger) && numbers[2] > 0 && numbers[3] > 0
    ? { x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3] }
    : null;
}
