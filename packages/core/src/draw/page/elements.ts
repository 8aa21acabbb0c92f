/** The element with this id, which the page has. */
export function byId<Kind extends Element>(id: string): Kind {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no ${id}`)
  return found as unknown as Kind
}

export function numbered<Kind extends Element>(name: 'task' | 'row'): Kind[] {
  const found = [...document.querySelectorAll<Kind>(name === 'task' ? '#drawing [data-task]' : '[data-row]')]
  const number = (element: Kind) => Number(element.getAttribute(`data-${name}`))
  return found.sort((a, b) => number(a) - number(b))
}

/** An element that shows texts and elements; a text is only ever shown. */
export function make(name: string, ...children: readonly (Node | string)[]): HTMLElement {
  const element = document.createElement(name)
  element.append(...children)
  return element
}
