import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawGraph } from '../../../src/draw/draw-graph.ts'
import type { NewTask } from '../../../src/model/task.ts'
import { planTasks } from '../../../src/plan/plan-tasks.ts'
import { hostileTasks } from '../hostile.ts'
import { threeHundred } from '../three-hundred.ts'
import { findChromium } from './browser.ts'
import { contrast, textsOutside } from './measures.ts'

const program = findChromium()
/** Chromium refuses to be boxed in by itself when it is started by root. */
const root = process.getuid?.() === 0
const why = 'no Chromium is installed: CHROMIUM_PATH, chromium or google-chrome'

const eight: readonly NewTask[] = [
  { id: 'auth', title: 'Refactor auth service', writes: ['src/auth/**'], minutes: 40 },
  { id: 'sso', title: 'Add SSO support', writes: ['src/auth/**'], dependsOn: ['auth'], minutes: 30 },
  { id: 'export', title: 'Add export button', writes: ['src/components/ExportButton.tsx'], minutes: 20 },
  { id: 'labels', title: 'Rename every label of the forms', writes: ['src/components/**'], minutes: 25 },
  { id: 'audit', title: 'Read the audit log', kind: 'read', reads: ['src/log/**'], writes: [], minutes: 10 },
  { id: 'gate', title: 'Everything before it has landed', kind: 'sync', dependsOn: ['sso', 'labels'] },
  { id: 'release', title: 'Write release notes', kind: 'manual', dependsOn: ['gate'], minutes: 5 },
  { id: 'locale', title: 'Translate it', writes: ['src/locale/**'], hold: true, dependsOn: ['labels'], minutes: 15 },
]

describe.skipIf(program === null)(`the drawn page${program === null ? ` (${why})` : ''}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'orch-page-'))
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: program ?? '', args: root ? ['--no-sandbox'] : [] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  /** A page of these tasks, and everything that it did which it must not. */
  async function opened(tasks: readonly NewTask[], look: { scheme?: 'light' | 'dark'; width?: number } = {}) {
    const file = join(directory, `${Math.random().toString(36).slice(2)}.html`)
    writeFileSync(file, drawGraph(planTasks(tasks, { maxAgents: 3 }), { format: 'html', tasks }))
    const url = pathToFileURL(file).href
    const context = await browser.newContext({
      viewport: { width: look.width ?? 1280, height: 900 },
      colorScheme: look.scheme ?? 'light',
    })
    const page = await context.newPage()
    const wrong: string[] = []
    page.on('console', (message) => wrong.push(message.text()))
    page.on('pageerror', (error) => wrong.push(String(error)))
    page.on('request', (request) => request.url() !== url && wrong.push(request.url()))
    page.on('dialog', (dialog) => wrong.push(dialog.message()))
    await page.goto(url)
    return { page, wrong, close: () => context.close() }
  }

  const details = (page: Page) => page.getByRole('complementary', { name: 'The chosen task' })
  const box = (page: Page, id: string) =>
    page.locator('#drawing').getByRole('button', { name: new RegExp(`^${id}\\.`) })
  const row = (page: Page, id: string) => page.locator('.row').filter({ has: page.locator(`b:text-is("${id}")`) })

  describe.each([
    { many: '8', tasks: eight, id: 'sso', waits: 'sso waits for auth: depends on it' },
    { many: '300', tasks: threeHundred, id: 'task-18', waits: 'task-18 waits for ' },
  ])('of $many tasks', ({ tasks, id, waits }) => {
    it.each(['light', 'dark'] as const)('explains a task that is chosen, in %s', async (scheme) => {
      const { page, wrong, close } = await opened(tasks, { scheme })
      expect(await page.locator('#drawing .task').count()).toBe(tasks.length)
      await box(page, id).click()
      await expect.poll(() => details(page).textContent()).toContain(waits)
      expect(await box(page, id).getAttribute('aria-pressed')).toBe('true')
      const other = tasks[3]?.id ?? ''
      await row(page, other).click()
      expect(await details(page).getByRole('heading', { level: 2 }).textContent()).toBe(other)
      expect(await box(page, id).getAttribute('aria-pressed')).toBe('false')
      expect(await contrast(page)).toBeGreaterThanOrEqual(4.5)
      expect(wrong).toEqual([])
      await close()
    })

    it('cuts no text but where it says so', async () => {
      const { page, close } = await opened(tasks)
      expect(await page.evaluate(textsOutside)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await close()
    })

    it('fits a telephone', async () => {
      const { page, wrong, close } = await opened(tasks, { width: 380 })
      await row(page, id).click()
      expect(await details(page).isVisible()).toBe(true)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await page.getByRole('button', { name: 'Close' }).click()
      expect(await details(page).isVisible()).toBe(false)
      expect(wrong).toEqual([])
      await close()
    })
  })

  it('is used by keyboard alone', async () => {
    const { page, wrong, close } = await opened(eight)
    await box(page, 'auth').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => details(page).textContent()).toContain('auth starts at once')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => details(page).textContent()).toContain('sso waits for auth')
    await page.keyboard.press('Escape')
    expect(await details(page).textContent()).toContain('Choose a task')
    // One stop for the whole drawing, then the rows.
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('row')
    await page.keyboard.press('/')
    await page.keyboard.type('label')
    expect(await page.getByRole('status').textContent()).toBe('1 of 8')
    await page.keyboard.press('Enter')
    expect(await details(page).getByRole('heading', { level: 2 }).textContent()).toBe('labels')
    expect(await page.locator('.row:visible').count()).toBe(1)
    expect(wrong).toEqual([])
    await close()
  })

  it('brings a task of many into view, at any size', async () => {
    const { page, close } = await opened(threeHundred)
    for (const size of ['Larger', 'Whole', '100 %', 'Smaller']) {
      await page.getByRole('button', { name: size }).click()
      await row(page, 'task-299').click()
      const [frame, found] = [await page.locator('#canvas').boundingBox(), await box(page, 'task-299').boundingBox()]
      expect(found?.x).toBeGreaterThanOrEqual(frame?.x ?? 0)
      expect((found?.x ?? 0) + (found?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0))
      expect(found?.y).toBeGreaterThanOrEqual(frame?.y ?? 0)
    }
    await close()
  })

  it('shows what hostile names say, and does nothing of it', async () => {
    const { page, wrong, close } = await opened(hostileTasks)
    const title = await page.title()
    const count = await page.locator('.row').count()
    expect(count).toBe(hostileTasks.length)
    for (let index = 0; index < count; index++) await page.locator('.row').nth(index).click()
    await page.locator('.row').filter({ hasText: 'onerror' }).click()
    expect(await details(page).textContent()).toContain('</script><img src=x onerror="document.title=\'taken\'">')
    expect(await page.locator('img, iframe, a').count()).toBe(0)
    expect(await page.title()).toBe(title)
    expect(await page.evaluate(textsOutside)).toEqual([])
    expect(wrong).toEqual([])
    await close()
  })

  it('is printed whole', async () => {
    const { page, close } = await opened(eight)
    await box(page, 'sso').click()
    await page.emulateMedia({ media: 'print' })
    expect(await details(page).isVisible()).toBe(false)
    expect(await page.locator('#drawing').evaluate((svg) => svg.getBoundingClientRect().width <= innerWidth)).toBe(true)
    expect(await page.locator('.row:visible').count()).toBe(8)
    await close()
  })
})
