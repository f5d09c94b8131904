// Who wants to be told.

export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  /** Returns what ends it. */
  add(heard: (value: T) => void): () => void {
    this.all.add(heard);
    return () => this.all.delete(heard);
  }

  tell(value: T): void {
    for (const heard of [...this.all]) heard(value);
  }

  clear(): void {
    this.all.clear();
  }
}
