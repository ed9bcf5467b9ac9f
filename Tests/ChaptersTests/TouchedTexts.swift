import TestSupport
import Testing

/// What stands in the drawings, to be read on a telephone and by night.
extension TouchedPagesTests {
  private struct Text: Decodable {
    var figure, text: String
    var size, contrast: Double
    var isInside: Bool
  }

  /// Every text of a drawing has 10 pixels at least and stands within its stage, on no other text, and its
  /// color differs from what lies under it by 4.5 to 1, as WCAG 2 (AA) asks for.
  func checkTexts(_ browser: Browser, isDark: Bool) throws {
    let texts = try browser.evaluate(
      """
      [...document.querySelectorAll(".stage")].flatMap((stage) => {
        stage.scrollIntoView({block: "center", behavior: "instant"});
        const parsed = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
        const under = (front, back, share) => front.map((part, k) => share * part + (1 - share) * back[k]);
        const light = (color) => color.map((part) => part / 255)
          .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
          .reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
        const own = stage.getBoundingClientRect(), name = stage.parentNode.dataset.component;
        const shown = [...stage.querySelectorAll("svg text")].filter((text) => text.textContent.trim());
        const boxes = shown.map((text) => text.getBoundingClientRect());
        return shown.map((text, place) => {
          const box = boxes[place], style = getComputedStyle(text);
          const x = box.x + box.width / 2, y = box.y + box.height / 2;
          let back = parsed(getComputedStyle(stage).backgroundColor).slice(0, 3), isMap = false;
          for (const element of document.elementsFromPoint(x, y).reverse()) {
            if (!element.closest("svg")) continue;
            if (element.localName === "image") isMap = true;
            const fill = getComputedStyle(element);
            if (!["rect", "ellipse", "circle"].includes(element.localName) || fill.fill === "none") continue;
            const color = parsed(fill.fill), share = (color[3] ?? 1) * fill.fillOpacity * fill.opacity;
            back = under(color.slice(0, 3), back, share);
          }
          const [a, b] = [light(parsed(style.fill).slice(0, 3)), light(back)].sort((a, b) => b - a);
          const crossed = boxes.some((other, k) => k !== place
            && Math.min(box.right, other.right) - Math.max(box.left, other.left) > 2
            && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 4);
          return {figure: name, text: text.textContent, size: parseFloat(style.fontSize),
            contrast: isMap ? 21 : (a + 0.05) / (b + 0.05),
            isInside: box.left >= own.left - 1 && box.right <= own.right + 1 && !crossed};
        });
      })
      """, as: [Text].self)
    #expect(texts.count > 150)
    for text in texts {
      let place = Comment(rawValue: "\(text.figure): \(text.text), \(isDark ? "dark" : "light")")
      #expect(text.size >= 10, place)
      #expect(text.isInside, place)
      #expect(text.contrast >= 4.5, place)
    }
  }
}
