import { byId } from './dom.js';
import { defaultHole } from './hole.js';
import { expectedError, sayError } from './status.js';

const SIDES = ['x', 'y', 'width', 'height'];
const HELP = {
  rectangle: 'Drag the rectangle or its handles, or draw a new one. Keyboard: arrows move it, Shift+arrows resize it.',
  brush: 'Paint over the part to hide. Keyboard: arrows move the brush, Shift+arrows paint, Space paints a dot, [ and ] set the size.',
  eraser: 'Erase parts of the mask. Keyboard: arrows move the eraser, Shift+arrows erase, Space erases a dot, [ and ] set the size.',
};

/** Connects the controls around the canvas: tools, fields of the rectangle, buttons of the mask. */
export function connectTools(editor) {
  for (const radio of document.querySelectorAll('#tools input')) {
    radio.addEventListener('change', () => editor.setTool(radio.value));
  }
  for (const side of SIDES) {
    byId(`hole-${side}`).addEventListener('change', () => setNumber(editor));
  }
  byId('hole-reset').addEventListener('click', () => editor.photo && editor.setHole(defaultHole(editor.photo.width, editor.photo.height)));
  byId('brush-size').addEventListener('input', (event) => editor.photo && editor.setBrush(event.target.valueAsNumber));
  for (const action of ['undo', 'redo', 'clear', 'invert']) {
    byId(`mask-${action}`).addEventListener('click', () => {
      editor.mask?.[action]();
      editor.changed();
    });
  }
  byId('mask-input').addEventListener('change', async (event) => {
    const [file] = event.target.files;
    event.target.value = '';
    await loadMask(editor, file).catch(sayError);
  });
  editor.addEventListener('change', () => showState(editor));
}

function setNumber(editor) {
  const numbers = SIDES.map((side) => byId(`hole-${side}`).valueAsNumber);
  if (editor.photo && numbers.every(Number.isFinite)) {
    editor.setHole(Object.fromEntries(SIDES.map((side, i) => [side, numbers[i]])));
  } else {
    showState(editor);
  }
}

async function loadMask(editor, file) {
  if (!file || !editor.photo) {
    return;
  }
  const { photo } = editor;
  const picture = await createImageBitmap(file).catch(() => null);
  const size = picture && `${picture.width}x${picture.height}`;
  if (size !== `${photo.width}x${photo.height}`) {
    picture?.close();
    const found = picture ? `has ${size} pixels` : 'is not an image';
    throw expectedError(`${file.name} ${found}; expected a mask of ${photo.width}x${photo.height}, the photo's size.`);
  }
  editor.mask.load(picture);
  picture.close();
  editor.changed();
}

function showState(editor) {
  const { photo, hole, mask, paints, tool } = editor;
  byId(`tool-${tool}`).checked = true;
  byId('rectangle-tools').hidden = paints;
  byId('hole-reset').hidden = paints;
  byId('mask-upload').hidden = !paints;
  byId('mask-tools').hidden = !paints;
  if (byId('editor-help').textContent !== HELP[tool]) {
    byId('editor-help').textContent = HELP[tool];
  }
  if (!photo) {
    return;
  }
  for (const side of SIDES) {
    const field = byId(`hole-${side}`);
    field.value = hole[side];
    field.max = side === 'x' || side === 'width' ? photo.width : photo.height;
  }
  byId('brush-size').max = editor.maxBrush;
  byId('brush-size').value = editor.brush;
  byId('brush-size-value').textContent = editor.brush;
  byId('mask-undo').disabled = !mask.canUndo;
  byId('mask-redo').disabled = !mask.canRedo;
}
