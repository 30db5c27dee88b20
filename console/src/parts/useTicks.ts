import { useEffect, useEffectEvent } from "react";

/** Does something again and again while `isActive` and the page is seen; the next time counts from the last's end. */
export function useTicks(isActive: boolean, milliseconds: number, act: () => Promise<void>): void {
  const tick = useEffectEvent(act);
  useEffect(() => {
    if (!isActive) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const wait = (): void => {
      timer = setTimeout(() => void run(), milliseconds);
    };
    const run = async (): Promise<void> => {
      if (document.visibilityState === "visible") await tick();
      if (!isOver) wait();
    };
    wait();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isActive, milliseconds]);
}
