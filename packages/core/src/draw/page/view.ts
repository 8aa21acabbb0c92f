import { byId } from './elements.ts'

const [least, most] = [0.08, 3]

/** How large the drawing is, and which part of it can be seen. */
export function viewOf(): { fit(): void; begin(element: Element): void; show(element: Element): void } {
  const canvas = byId<HTMLElement>('canvas')
  const drawing = byId<SVGSVGElement>('drawing')
  const { width, height } = drawing.viewBox.baseVal
  let zoom = 1

  const resize = (to: number, at?: { readonly clientX: number; readonly clientY: number }): void => {
    const before = zoom
    zoom = Math.min(most, Math.max(least, to))
    const frame = canvas.getBoundingClientRect()
    const x = at === undefined ? frame.width / 2 : at.clientX - frame.left
    const y = at === undefined ? frame.height / 2 : at.clientY - frame.top
    const [left, top] = [(canvas.scrollLeft + x) / before, (canvas.scrollTop + y) / before]
    drawing.setAttribute('width', String(width * zoom))
    drawing.setAttribute('height', String(height * zoom))
    canvas.scrollTo(left * zoom - x, top * zoom - y)
  }
  const whole = () => Math.min(1, (canvas.clientWidth - 2) / width, Math.max(canvas.clientHeight - 2, 200) / height)

  byId('smaller').addEventListener('click', () => resize(zoom / 1.3))
  byId('larger').addEventListener('click', () => resize(zoom * 1.3))
  byId('real').addEventListener('click', () => resize(1))
  byId('whole').addEventListener('click', () => resize(whole()))
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      resize(zoom * Math.exp(-event.deltaY / 300), event)
    },
    { passive: false },
  )
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons !== 1 || event.pointerType === 'touch') return
    canvas.scrollBy(-event.movementX, -event.movementY)
  })

  return {
    /** As much as can be seen while it can be read. */
    fit: () => resize(Math.max(0.62, whole())),
    /** The element at the left, half way down. */
    begin: (element) => {
      const [frame, box] = [canvas.getBoundingClientRect(), element.getBoundingClientRect()]
      canvas.scrollBy(box.left - frame.left - 24, box.top - frame.top - frame.height / 2)
    },
    show: (element) => {
      const [frame, box] = [canvas.getBoundingClientRect(), element.getBoundingClientRect()]
      const off = (from: number, to: number, start: number, end: number) =>
        from < start + 12 || to > end - 12 ? (from + to) / 2 - (start + end) / 2 : 0
      canvas.scrollBy(
        off(box.left, box.right, frame.left, frame.right),
        off(box.top, box.bottom, frame.top, frame.bottom),
      )
    },
  }
}
