package dev.keg.error;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Suggests the known word that was probably meant by an unknown one. */
public final class Suggestion {
  private Suggestion() {}

  /** The nearest of the known words, if it is near enough to be a typo. */
  public static Optional<String> of(String word, Stream<String> known) {
    int limit = Math.min(2, word.length() / 2);
    return known
        .distinct()
        .filter(candidate -> distance(word, candidate) <= limit)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** A hint that begins with the suggestion, if there is one. */
  public static String before(String hint, String word, Stream<String> known) {
    return of(word, known)
        .map(near -> "did you mean %s? %s".formatted(near, capitalized(hint)))
        .orElse(hint);
  }

  private static String capitalized(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  /** How many letters must be added, removed, changed or swapped with their neighbour. */
  private static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, a, b, i, j);
      }
    }
    return steps[a.length()][b.length()];
  }

  private static int step(int[][] steps, String a, String b, int i, int j) {
    int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(steps[i - 1][j - 1] + changed, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
  }
}
