package dev.keg.age;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * Bech32 of BIP 173 without the limit on its length, the encoding of age keys: a prefix, {@code 1},
 * letters of five bits each, and a checksum of six letters.
 */
public final class Bech32 {
  private static final String LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int CHECKSUM = 6;

  private Bech32() {}

  /** In lower case. */
  public static String encode(String prefix, byte[] data) {
    StringBuilder text = new StringBuilder(prefix).append('1');
    int sum = prefixSum(prefix);
    int bits = 0;
    int count = 0;
    for (byte value : data) {
      bits = bits << 8 | (value & 0xff);
      for (count += 8; count >= 5; count -= 5) {
        sum = append(text, bits >> (count - 5) & 31, sum);
      }
    }
    if (count > 0) {
      sum = append(text, bits << (5 - count) & 31, sum);
    }
    for (int i = 0; i < CHECKSUM; i++) {
      sum = step(sum, 0);
    }
    for (int i = 0; i < CHECKSUM; i++) {
      text.append(LETTERS.charAt((sum ^ 1) >> (5 * (5 - i)) & 31));
    }
    return text.toString();
  }

  private static int append(StringBuilder text, int value, int sum) {
    text.append(LETTERS.charAt(value));
    return step(sum, value);
  }

  /** The data of a text with this prefix. */
  public static byte[] decode(String prefix, String text) throws AgeException {
    String lower = text.toLowerCase(Locale.ROOT);
    int data = prefix.length() + 1;
    boolean oneCase = lower.equals(text) || text.toUpperCase(Locale.ROOT).equals(text);
    if (!oneCase || !lower.startsWith(prefix + "1") || lower.length() < data + CHECKSUM) {
      throw malformed();
    }
    int sum = prefixSum(prefix);
    int bits = 0;
    int count = 0;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = data; i < lower.length(); i++) {
      int value = LETTERS.indexOf(lower.charAt(i));
      if (value < 0) {
        throw malformed();
      }
      sum = step(sum, value);
      if (i < lower.length() - CHECKSUM) {
        bits = (bits << 5 | value) & 0xfff;
        count += 5;
        if (count >= 8) {
          count -= 8;
          bytes.write(bits >> count);
        }
      }
    }
    if (sum != 1 || count >= 5 || (bits & (1 << count) - 1) != 0) {
      throw malformed();
    }
    return bytes.toByteArray();
  }

  private static AgeException malformed() {
    return AgeException.header("the key is mistyped or cut off");
  }

  private static int prefixSum(String prefix) {
    int sum = 1;
    for (int i = 0; i < prefix.length(); i++) {
      sum = step(sum, prefix.charAt(i) >> 5);
    }
    sum = step(sum, 0);
    for (int i = 0; i < prefix.length(); i++) {
      sum = step(sum, prefix.charAt(i) & 31);
    }
    return sum;
  }

  private static int step(int sum, int value) {
    int next = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      next ^= (sum >> (25 + i) & 1) == 0 ? 0 : GENERATOR[i];
    }
    return next;
  }
}
