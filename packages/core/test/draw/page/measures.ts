import type { Page } from 'playwright-core'

/** Texts in boxes that reach out of them. */
export function textsOutside(): string[] {
  const out: string[] = []
  for (const task of document.querySelectorAll<SVGGElement>('#drawing .task')) {
    const edge = task.querySelector('.outline')?.getBoundingClientRect()
    const [id, time] = [task.querySelector('.id'), task.querySelector('.time')].map((one) =>
      one?.getBoundingClientRect(),
    )
    for (const text of task.querySelectorAll('text')) {
      const { left, right } = text.getBoundingClientRect()
      if (edge === undefined || left < edge.left || right > edge.right) out.push(text.textContent ?? '')
    }
    if (id !== undefined && time !== undefined && id.right > time.left) out.push(task.textContent ?? '')
  }
  return out
}

/** The least contrast of a text of the page with what it stands on. */
export function contrast(page: Page): Promise<number> {
  return page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
    const light = ([r = 0, g = 0, b = 0]: number[]) => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((value) =>
        value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      )
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const behind = (element: Element | null): number[] => {
      if (element === null) return [255, 255, 255]
      const colour = channels(getComputedStyle(element).backgroundColor)
      return colour[3] === 0 ? behind(element.parentElement) : colour
    }
    let least = 21
    for (const element of document.querySelectorAll(
      'h1,h2,h3,p,b,dt,dd,small,.name span,.when,button,label,#drawing text',
    )) {
      const style = getComputedStyle(element)
      const svg = element instanceof SVGElement
      const box = svg ? element.parentElement?.querySelector('.outline') : null
      const [ink, paper] = [
        light(channels(svg ? style.fill : style.color)),
        light(box ? channels(getComputedStyle(box).fill) : behind(element)),
      ]
      least = Math.min(least, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05))
    }
    return least
  })
}
