/** A short word that something was done. Never the only copy of anything, never a secret. */
export interface Toast {
  id: number;
  text: string;
}

const LASTS = 4_000;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  /** Shows `text` for a few seconds. */
  show(text: string): void {
    const id = this.#next++;
    this.list.push({ id, text });
    setTimeout(() => this.dismiss(id), LASTS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  clear(): void {
    this.list = [];
  }
}

export const toasts = new Toasts();
