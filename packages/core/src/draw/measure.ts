import { columns, cut, oneLine } from '../plan/columns.ts'

/** About how wide a line is in a usual sans-serif font, in pixels; rather too wide than too narrow. */
export function widthOf(text: string, size: number): number {
  let sum = 0
  for (const character of oneLine(text)) {
    const takes = columns(character)
    if (takes === 0) continue
    sum += takes > 1 ? 1.25 : /[ilj.,:;'|!]/.test(character) ? 0.34 : /[A-ZmwMW@%&—…]/.test(character) ? 0.86 : 0.61
  }
  return sum * size
}

/** As much of a line as `width` pixels hold. */
export function fitted(text: string, size: number, width: number): string {
  const whole = oneLine(text)
  if (widthOf(whole, size) <= width) return whole
  let most = Math.min(columns(whole), Math.ceil(width / size / 0.34))
  let out = cut(whole, most)
  while (most > 1 && widthOf(out, size) > width) {
    most = Math.max(1, Math.min(most - 1, Math.floor((most * width) / widthOf(out, size)) + 1))
    out = cut(whole, most)
  }
  return out
}
