package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidSize;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A number of bytes, parsed and printed in docker's two ways: powers of 1024 and of 1000. */
public record Size(long bytes) implements Comparable<Size> {
  public static final Size ZERO = new Size(0);

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final String UNITS = "kmgtp";
  private static final List<String> DECIMAL_UNITS =
      List.of("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB");
  private static final List<String> BINARY_UNITS =
      List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB");

  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative: " + bytes);
    }
  }

  /** Parses like docker's {@code size=}: {@code 1k} is 1024. */
  public static Size parseBinary(String text) {
    // go-units parseSize: the first space separates number and suffix; without one, the last digit
    // or dot does.
    int space = text.indexOf(' ');
    int cut = space >= 0 ? space : endOfNumber(text);
    if (text.chars().noneMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == ' ')) {
      throw new InvalidSize("invalid size: '" + text + "'", "write a number and a unit: 512m, 10g");
    }
    double number = number(text, text.substring(0, cut));
    String suffix = text.substring(space >= 0 ? cut + 1 : cut);
    double bytes = number * factor(suffix);
    if (bytes >= 0x1p63) {
      throw new InvalidSize("invalid size: '" + text + "': too large");
    }
    return new Size((long) bytes);
  }

  private static int endOfNumber(String text) {
    int end = text.length();
    while (end > 0 && "0123456789.".indexOf(text.charAt(end - 1)) < 0) {
      end--;
    }
    return end;
  }

  private static double number(String text, String number) {
    if (!NUMBER.matcher(number).matches()) {
      throw new InvalidSize("strconv.ParseFloat: parsing \"" + number + "\": invalid syntax");
    }
    double value = Double.parseDouble(number);
    if (value < 0) {
      throw new InvalidSize("invalid size: '" + text + "'", "write a number and a unit: 512m, 10g");
    }
    return value;
  }

  private static double factor(String suffix) {
    if (suffix.isEmpty()) {
      return 1;
    }
    if (suffix.length() > 3) {
      throw new InvalidSize("invalid suffix: '" + suffix + "'");
    }
    String unit = suffix.toLowerCase(Locale.ROOT);
    if (unit.equals("b")) {
      return 1;
    }
    int power = UNITS.indexOf(unit.charAt(0)) + 1;
    String rest = unit.substring(1);
    if (power == 0 || !(rest.isEmpty() || rest.equals("b") || rest.equals("ib"))) {
      throw new InvalidSize("invalid suffix: '" + unit + "'");
    }
    return Math.pow(1024, power);
  }

  /** Docker's format of sizes: {@code 1.024kB}. */
  public String human() {
    return humanDecimal((double) bytes);
  }

  /** Docker's format of memory: {@code 1KiB}. */
  public String humanBinary() {
    return humanBinary((double) bytes);
  }

  private static String human(double value, int base, List<String> units) {
    double rest = value;
    int unit = 0;
    while (rest >= base && unit < units.size() - 1) {
      rest /= base;
      unit++;
    }
    return fourDigits(rest) + units.get(unit);
  }

  static String humanDecimal(double value) {
    return human(value, 1000, DECIMAL_UNITS);
  }

  static String humanBinary(double value) {
    return human(value, 1024, BINARY_UNITS);
  }

  /** C's and Go's {@code %.4g}. */
  private static String fourDigits(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal digits = rounded.stripTrailingZeros();
    if (exponent >= -4 && exponent < 4) {
      return digits.toPlainString();
    }
    String mantissa = digits.movePointLeft(exponent).toPlainString();
    return "%se%s%02d".formatted(mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  @Override
  public int compareTo(Size other) {
    return Long.compare(bytes, other.bytes);
  }
}
