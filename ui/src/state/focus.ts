/** Gives the focus back to what had it, or to the page's heading where that has gone; unless something has it by now. */
export function focusBack(before: Element | null): void {
  if (document.activeElement !== document.body) return;
  if (before instanceof HTMLElement && before !== document.body && before.isConnected) return before.focus();
  const heading = document.querySelector<HTMLElement>("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

/** Whether something lies over the page that has to be closed first. */
export function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}
