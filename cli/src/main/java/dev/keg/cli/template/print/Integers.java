package dev.keg.cli.template.print;

import java.util.Locale;

/** The verbs for integers: {@code d b o O x X c q U}. */
final class Integers {
  private Integers() {}

  /** False if the verb is not for integers. */
  static boolean append(StringBuilder out, Flags flags, long value, boolean signed, int verb) {
    switch (verb) {
      case 'v' -> {
        boolean hexadecimal = flags.goSyntax && !signed;
        boolean sharp = flags.sharp;
        flags.sharp = hexadecimal;
        number(out, flags, value, signed, hexadecimal ? 'x' : 'd');
        flags.sharp = sharp;
      }
      case 'd', 'b', 'o', 'O', 'x', 'X' -> number(out, flags, value, signed, verb);
      case 'c' -> flags.pad(out, Character.toString(character(value)));
      case 'q' -> flags.pad(out, Quote.character(character(value), flags.plus));
      case 'U' -> flags.padWithBlanks(out, unicode(flags, value));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int character(long value) {
    boolean valid = value >= 0 && value <= Character.MAX_CODE_POINT;
    return valid && !Quote.isSurrogate((int) value) ? (int) value : 0xFFFD;
  }

  private static String unicode(Flags flags, long value) {
    String hexadecimal = Long.toUnsignedString(value, 16).toUpperCase(Locale.ROOT);
    int zeros = Math.max(4, flags.precision) - hexadecimal.length();
    String number = "U+" + "0".repeat(Math.max(0, zeros)) + hexadecimal;
    boolean shown = flags.sharp && value >= 0 && value <= Character.MAX_CODE_POINT;
    return shown && Quote.isPrintable((int) value)
        ? number + " '" + Character.toString((int) value) + "'"
        : number;
  }

  private static void number(StringBuilder out, Flags flags, long value, boolean signed, int verb) {
    if (flags.precision == 0 && value == 0) {
      // Empty, but with the requested width.
      flags.padWithBlanks(out, "");
      return;
    }
    boolean negative = signed && value < 0;
    String sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
    String digits = Long.toUnsignedString(negative ? -value : value, base(verb));
    int zeros = Math.max(0, leastDigits(flags, sign) - digits.length());
    String padded = "0".repeat(zeros) + (verb == 'X' ? digits.toUpperCase(Locale.ROOT) : digits);
    flags.padWithBlanks(out, sign + prefix(flags, verb, padded) + padded);
  }

  private static int base(int verb) {
    return switch (verb) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b' -> 2;
      default -> 10;
    };
  }

  // %.3d and %03d both request zeros; the precision wins.
  private static int leastDigits(Flags flags, String sign) {
    if (flags.precision != Flags.ABSENT) {
      return flags.precision;
    }
    return flags.padsWithZeros() ? flags.width - sign.length() : 0;
  }

  private static String prefix(Flags flags, int verb, String digits) {
    if (verb == 'O') {
      return flags.sharp && !digits.startsWith("0") ? "0o0" : "0o";
    }
    if (!flags.sharp) {
      return "";
    }
    return switch (verb) {
      case 'x' -> "0x";
      case 'X' -> "0X";
      case 'b' -> "0b";
      case 'o' -> digits.startsWith("0") ? "" : "0";
      default -> "";
    };
  }
}
