package dev.keg.volume;

/**
 * Docker's order of names: character by character, a digit before any other character, a run of
 * digits by its value and then by fewer leading zeros, a prefix before what it begins.
 */
final class NaturalOrder {
  private NaturalOrder() {}

  static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      boolean digit = isDigit(a.charAt(i));
      if (digit != isDigit(b.charAt(j))) {
        return digit ? -1 : 1;
      }
      if (!digit) {
        if (a.charAt(i) != b.charAt(j)) {
          return Character.compare(a.charAt(i), b.charAt(j));
        }
        i++;
        j++;
        continue;
      }
      int endA = endOfDigits(a, i);
      int endB = endOfDigits(b, j);
      int order = compareRuns(a, i, endA, b, j, endB);
      if (order != 0) {
        return order;
      }
      i = endA;
      j = endB;
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static int compareRuns(String a, int fromA, int toA, String b, int fromB, int toB) {
    int i = skipZeros(a, fromA, toA);
    int j = skipZeros(b, fromB, toB);
    if (toA - i != toB - j) {
      return Integer.compare(toA - i, toB - j);
    }
    for (; i < toA; i++, j++) {
      if (a.charAt(i) != b.charAt(j)) {
        return Character.compare(a.charAt(i), b.charAt(j));
      }
    }
    return Integer.compare(toA - fromA, toB - fromB);
  }

  private static int skipZeros(String text, int from, int to) {
    int i = from;
    while (i < to && text.charAt(i) == '0') {
      i++;
    }
    return i;
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
