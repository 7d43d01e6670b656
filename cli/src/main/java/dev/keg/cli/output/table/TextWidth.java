package dev.keg.cli.output.table;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of terminal columns that a text takes: two for wide East Asian characters and emoji,
 * none for control characters and combining marks.
 */
public final class TextWidth {
  private TextWidth() {}

  static int of(String text, int from, int to) {
    int width = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7F) {
        width++;
        continue;
      }
      if (c >= 0x300) {
        return Wide.of(text.substring(from, to));
      }
      width += isControl(c) ? 0 : 1;
    }
    return width;
  }

  private static boolean isControl(int c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD;
  }

  /** Loaded only for text beyond Latin letters. */
  private static final class Wide {
    /**
     * What a reader perceives as one character: a letter with its marks, or an emoji of several
     * code points.
     */
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    /** First and last of each range: East Asian Width W and F, except emoji. */
    private static final int[] RANGES = {
      0x1100, 0x115F, 0x2329, 0x232A, 0x2E80, 0x303E, 0x3041, 0x3247, 0x3250, 0x4DBF,
      0x4E00, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19,
      0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18DFF, 0x1AFF0, 0x1B2FF,
      0x1F200, 0x1F265, 0x20000, 0x2FFFD, 0x30000, 0x3FFFD
    };

    static int of(String text) {
      int width = 0;
      Matcher characters = CHARACTER.matcher(text);
      while (characters.find()) {
        width += ofCharacter(characters.group());
      }
      return width;
    }

    /** The first part with any width decides. */
    private static int ofCharacter(String character) {
      return character.codePoints().map(Wide::of).filter(width -> width > 0).findFirst().orElse(0);
    }

    private static int of(int c) {
      if (isControl(c)) {
        return 0;
      }
      return switch (Character.getType(c)) {
        case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
        case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> 0;
        default -> isWide(c) ? 2 : 1;
      };
    }

    private static boolean isWide(int c) {
      for (int i = 0; i < RANGES.length && RANGES[i] <= c; i += 2) {
        if (c <= RANGES[i + 1]) {
          return true;
        }
      }
      boolean regional = c >= 0x1F1E6 && c <= 0x1F1FF;
      return Character.isEmojiPresentation(c) && !regional;
    }
  }
}
