export interface Point {
  readonly x: number
  readonly y: number
}
export interface Size {
  readonly width: number
  readonly height: number
}
export interface Line {
  readonly from: number
  readonly to: number
}

/** Where boxes lie (their middles) and what each line passes between its ends, from the left to the right, in pixels. */
export interface Layout extends Size {
  readonly places: readonly Point[]
  readonly ways: readonly (readonly Point[])[]
}
