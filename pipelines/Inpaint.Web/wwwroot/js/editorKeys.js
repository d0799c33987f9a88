import { moved, resized } from './hole.js';
import { byId, isTextField } from './dom.js';
import { singleKeysAllowed } from './shortcuts.js';

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Keyboard input: arrows and space on the canvas; brush size and undo anywhere in the view. */
export function handleKeys(editor) {
  editor.canvas.addEventListener('keydown', (event) => {
    const arrow = ARROWS[event.key];
    if (!editor.photo || event.ctrlKey || event.metaKey || event.altKey || !(arrow || (event.key === ' ' && editor.paints))) {
      return;
    }
    event.preventDefault();
    if (editor.paints) {
      moveBrush(editor, arrow, event.shiftKey || !arrow);
    } else {
      moveRectangle(editor, arrow, event);
    }
  });

  document.addEventListener('keydown', (event) => {
    const isElsewhere = isTextField(event.target) || event.target.closest('dialog') || byId('view-try').hidden;
    if (!editor.paints || !editor.photo || isElsewhere) {
      return;
    }
    const onEditor = event.target === editor.canvas;
    if ((event.key === '[' || event.key === ']') && isTyping(event) && singleKeysAllowed(onEditor)) {
      editor.setBrush(event.key === '[' ? Math.min(editor.brush - 1, editor.brush / 1.2) : Math.max(editor.brush + 1, editor.brush * 1.2));
    } else if (event.ctrlKey || event.metaKey) {
      undoOrRedo(editor, event);
    }
  });
}

// On some systems AltGr, needed for brackets on many keyboards, is reported as Ctrl and Alt.
const isTyping = (event) => !event.metaKey && (!event.ctrlKey || event.getModifierState('AltGraph'));

// A key press moves by a pixel; a key that is held down moves faster.
function moveRectangle(editor, [h, v], { shiftKey, repeat }) {
  const step = repeat ? Math.max(1, Math.round(Math.min(editor.photo.width, editor.photo.height) / 64)) : 1;
  editor.setHole((shiftKey ? resized : moved)(editor.hole, h * step, v * step, editor.photo));
}

function moveBrush(editor, arrow, isDown) {
  const { photo } = editor;
  const step = Math.max(1, editor.brush / 4);
  const from = editor.cursor ?? { x: photo.width / 2, y: photo.height / 2 };
  const [h, v] = arrow ?? [0, 0];
  editor.cursor = {
    x: Math.min(Math.max(from.x + h * step, 0), photo.width),
    y: Math.min(Math.max(from.y + v * step, 0), photo.height),
  };
  if (isDown) {
    editor.mask.beginStroke(from, editor.brush, editor.tool === 'eraser');
    editor.mask.continueStroke(editor.cursor);
  }
  editor.changed();
}

function undoOrRedo(editor, event) {
  const key = event.key.toLowerCase();
  if (key === 'z' || key === 'y') {
    event.preventDefault();
    if (key === 'y' || event.shiftKey) {
      editor.mask.redo();
    } else {
      editor.mask.undo();
    }
    editor.changed();
  }
}
