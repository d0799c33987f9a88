import { canvasOf } from './dom.js';

export const NO_PHOTO = 'There is no photo yet. Pick, drop or paste one, or take one of the gallery.';

const SERVICE_READS = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'];

/**
 * A photo that can be shown and sent: its file as it is, upright pixels, and where it comes from.
 * `sample` is its id in the gallery, or null.
 */
export async function readPhoto(file, { name = file.name ?? 'photo', sample = null, caption = '' } = {}) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw Object.assign(new Error(`${name} is not a picture that this browser can show. Take a JPEG, PNG, WebP, GIF or BMP.`), { isExpected: true });
  }
  const blob = SERVICE_READS.includes(file.type) ? file : await pngOf(canvasWith(picture, picture.width, picture.height));
  return { name, sample, caption, blob, picture, width: picture.width, height: picture.height };
}

/** The name without the ending of its file. */
export const stem = (name) => name.replace(/\.[^.]+$/, '');

/** A small copy of a picture's file, as a file. */
export async function thumbnailOf(blob, side) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, side / Math.min(picture.width, picture.height));
  const canvas = canvasWith(picture, Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  picture.close();
  return pngOf(canvas);
}

/** The file of a canvas. */
export const pngOf = (canvas) => new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });

function canvasWith(picture, width, height) {
  const canvas = canvasOf(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** How large a photo is shown: whole multiples of its pixels where that uses the room well, else fitted. */
export function shownScale(width, height, maxWidth, maxHeight) {
  const fit = Math.min(8, maxWidth / width, maxHeight / height);
  return Math.floor(fit) >= 0.8 * fit ? Math.floor(fit) : fit;
}

/** Of the photo and of what completes it, so that both are shown alike: the margins on either side, as the stylesheet has them; what stands above and below; the smallest and the largest height. */
export const MARGINS = 36;
export const ROOM = [420, 256, 640];

/** The height that a picture may have in the window, besides what stands above and below it there. */
export const roomFor = (others, least, most) => Math.min(most, Math.max(least, document.documentElement.clientHeight - others));
