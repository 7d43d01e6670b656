package dev.keg.render;

import java.util.Set;

/** Names of drives in order: {@code vda}, {@code vdb}, … {@code vdz}, {@code vdaa}, … */
final class DriveIds {
  private DriveIds() {}

  /** The first that is free. */
  static String next(Set<String> taken) {
    for (int i = 0; ; i++) {
      String id = "vd" + letters(i);
      if (!taken.contains(id)) {
        return id;
      }
    }
  }

  /** Which one it is, from zero; that of a name of another kind is zero too. */
  static int number(String id) {
    if (!id.matches("vd[a-z]{1,2}")) {
      return 0;
    }
    int number = 0;
    for (char letter : id.substring(2).toCharArray()) {
      number = number * 26 + (letter - 'a' + 1);
    }
    return number - 1;
  }

  private static String letters(int number) {
    String last = Character.toString('a' + number % 26);
    return number < 26 ? last : letters(number / 26 - 1) + last;
  }
}
