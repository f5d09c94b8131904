// A file that a person drops on an area, or chooses in it.
import { useState } from 'preact/hooks';

export type TakeFile = (file: File | undefined) => void;

/** Whether a file is held over the area, and what the area listens to. */
export function useFileDrop(onFile: TakeFile) {
  const [over, setOver] = useState(false);
  const listeners = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      onFile(event.dataTransfer?.files[0]);
    },
  };
  return { over, listeners };
}

/** Not seen: its label is what is pressed. */
export function FileInput({ id, accept, onFile }: { id: string; accept: string; onFile: TakeFile }) {
  return (
    <input
      id={id}
      class="visually-hidden"
      type="file"
      accept={accept}
      onChange={(event) => {
        onFile(event.currentTarget.files?.[0]);
        event.currentTarget.value = ''; // the same file may be chosen again
      }}
    />
  );
}
