import { canvasOf } from './dom.js';
import { expectedError } from './status.js';

export const NO_PHOTO = 'There is no photo yet. Choose, drop or paste one, or select one in the gallery.';

const SUPPORTED_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'];

/**
 * A photo: its file, its upright pixels, and its origin. `sample` is its id in the gallery, or null.
 * Files of a type that the service cannot decode are converted to PNG.
 */
export async function readPhoto(file, { name = file.name ?? 'photo', sample = null, caption = '' } = {}) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw expectedError(`${name} is not an image that this browser can show. Choose a JPEG, PNG, WebP, GIF or BMP file.`);
  }
  const blob = SUPPORTED_TYPES.includes(file.type) ? file : await pngOf(canvasWith(picture, picture.width, picture.height));
  return { name, sample, caption, blob, picture, width: picture.width, height: picture.height };
}

/** A file name without its extension. */
export const stem = (name) => name.replace(/\.[^.]+$/, '');

/** A thumbnail of an image file, as PNG. */
export async function thumbnailOf(blob, side) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, side / Math.min(picture.width, picture.height));
  const canvas = canvasWith(picture, Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  picture.close();
  return pngOf(canvas);
}

export const pngOf = (canvas) => new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });

function canvasWith(picture, width, height) {
  const canvas = canvasOf(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** The scale at which a photo is shown: an integer if that uses most of the space, else the largest that fits. */
export function shownScale(width, height, maxWidth, maxHeight) {
  const fit = Math.min(8, maxWidth / width, maxHeight / height);
  return Math.floor(fit) >= 0.8 * fit ? Math.floor(fit) : fit;
}

/** Horizontal margins of editor and results, as in the stylesheet. */
export const MARGINS = 36;

/** Arguments of roomFor for editor and results, which are shown at the same size. */
export const ROOM = [420, 256, 640];

/** The height available to a picture in the window, besides the height of everything else. */
export const roomFor = (others, min, max) => Math.min(max, Math.max(min, document.documentElement.clientHeight - others));
