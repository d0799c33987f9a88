import { byId } from './dom.js';

/** Passes photos that are chosen, dropped or pasted to `onFile`. */
export function connectPhotoSources(onFile) {
  const isOpen = () => !byId('view-try').hidden;
  const zone = byId('drop-zone');
  const input = byId('photo-input');
  input.addEventListener('change', () => {
    const [file] = input.files;
    input.value = '';
    if (file) {
      onFile(file);
    }
  });

  const carriesFiles = (event) => isOpen() && event.dataTransfer?.types.includes('Files');
  document.addEventListener('dragover', (event) => {
    if (carriesFiles(event)) {
      event.preventDefault();
      zone.classList.add('over');
    }
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) {
      zone.classList.remove('over');
    }
  });
  document.addEventListener('drop', (event) => {
    zone.classList.remove('over');
    if (carriesFiles(event)) {
      event.preventDefault();
      onFile(event.dataTransfer.files[0]);
    }
  });
  document.addEventListener('paste', (event) => {
    const file = [...event.clipboardData?.files ?? []].find(({ type }) => type.startsWith('image/'));
    if (file && isOpen()) {
      event.preventDefault();
      onFile(file);
    }
  });
}
