import { expect, test } from 'vitest';
import { launchChromium, missingChromium } from './chromium.ts';

test.skipIf(missingChromium())('a page renders and runs scripts', async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent(
      '<p id="a">old</p><script>document.getElementById("a").textContent = "new"</script>',
    );
    expect(await page.textContent('#a')).toBe('new');
  } finally {
    await browser.close();
  }
});
