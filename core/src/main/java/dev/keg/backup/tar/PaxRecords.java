package dev.keg.backup.tar;

import dev.keg.tree.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a pax extended header: records of {@code LENGTH KEYWORD=VALUE\n}, whose decimal
 * length covers the whole record including itself. Keyword and value are bytes.
 */
final class PaxRecords {
  private static final int MAX_LENGTH_DIGITS = 9;

  /** One record. */
  record PaxRecord(ByteString keyword, ByteString value) {}

  private PaxRecords() {}

  static List<PaxRecord> parse(byte[] bytes) throws Malformed {
    List<PaxRecord> records = new ArrayList<>();
    int start = 0;
    while (start < bytes.length) {
      int space = start;
      int length = 0;
      while (space < bytes.length && bytes[space] != ' ') {
        int digit = bytes[space] - '0';
        if (digit < 0 || digit > 9 || space - start >= MAX_LENGTH_DIGITS) {
          throw new Malformed("a record whose length is not a number");
        }
        length = length * 10 + digit;
        space++;
      }
      int end = start + length;
      if (end > bytes.length || end <= space + 1) {
        throw new Malformed("a record whose length is wrong");
      }
      records.add(record(bytes, space + 1, end));
      start = end;
    }
    return records;
  }

  private static PaxRecord record(byte[] bytes, int from, int end) throws Malformed {
    int equals = from;
    while (equals < end && bytes[equals] != '=') {
      equals++;
    }
    if (equals == end || equals == from) {
      throw new Malformed("a record without a keyword");
    }
    if (bytes[end - 1] != '\n') {
      throw new Malformed("a record whose length is wrong");
    }
    return new PaxRecord(
        ByteString.of(bytes, from, equals), ByteString.of(bytes, equals + 1, end - 1));
  }

  static byte[] format(List<PaxRecord> records) {
    int total = 0;
    for (PaxRecord record : records) {
      total += length(record);
    }
    byte[] out = new byte[total];
    int at = 0;
    for (PaxRecord record : records) {
      int length = length(record);
      ByteString head = ByteString.utf8(length + " ");
      head.copyInto(out, at);
      record.keyword().copyInto(out, at + head.length());
      int equals = at + head.length() + record.keyword().length();
      out[equals] = '=';
      record.value().copyInto(out, equals + 1);
      at += length;
      out[at - 1] = '\n';
    }
    return out;
  }

  /** The length includes its own digits, so adding a digit may require another. */
  private static int length(PaxRecord record) {
    int rest = record.keyword().length() + record.value().length() + 3;
    int length = rest + digits(rest);
    return rest + digits(length);
  }

  private static int digits(int number) {
    return Integer.toString(number).length();
  }
}
