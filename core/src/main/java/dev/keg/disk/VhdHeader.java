package dev.keg.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The 1024 bytes after the first footer of a VHD that is not fixed, big-endian:
 *
 * <pre>
 *   0 "cxsparse"    8 data offset   16 table offset  24 version       28 max table entries
 *  32 block size   36 checksum      40 parent's id   56 parent's time 64 parent's name, UTF-16BE
 * 576 eight locators of 24: platform code, space, length, reserved, data offset
 * </pre>
 */
public record VhdHeader(
    long tableAt, int blocks, int blockSize, UUID parent, Map<String, String> places) {
  static final int LENGTH = 1024;
  static final int NAME_LENGTH = 512;
  static final int LOCATOR_SPACE = 512;

  /** Locators: the path as Windows writes it, absolute and relative to the child. UTF-16LE. */
  static final String WINDOWS_ABSOLUTE = "W2ku";

  static final String WINDOWS_RELATIVE = "W2ru";

  private static final String COOKIE = "cxsparse";
  private static final int VERSION_1_0 = 0x10000;
  private static final int CHECKSUM_AT = 36;
  private static final int PARENT_AT = 40;
  private static final int LOCATORS_AT = 576;
  private static final int LOCATORS = 8;
  private static final int LONGEST_PATH = 32 * 1024 * 2;

  /**
   * The header of a new image; the texts of the locators follow the table, each in one or more
   * sectors.
   */
  ByteBuffer encode(int parentStamp, String parentName, long placesAt) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    bytes.put(VhdFooter.ascii(COOKIE)).putLong(-1L).putLong(tableAt).putInt(VERSION_1_0);
    bytes.putInt(blocks).putInt(blockSize).putInt(0);
    bytes.putLong(parent.getMostSignificantBits()).putLong(parent.getLeastSignificantBits());
    bytes.putInt(parentStamp).putInt(0);
    byte[] name = parentName.getBytes(StandardCharsets.UTF_16BE);
    bytes.put(name, 0, Math.min(name.length, NAME_LENGTH)).position(LOCATORS_AT);
    long at = placesAt;
    for (Map.Entry<String, String> place : places.entrySet()) {
      int length = place.getValue().length() * 2;
      bytes.put(VhdFooter.ascii(place.getKey())).putInt(space(length)).putInt(length);
      bytes.putInt(0).putLong(at);
      at += space(length);
    }
    return bytes.putInt(CHECKSUM_AT, VhdFooter.checksum(bytes, CHECKSUM_AT)).clear();
  }

  static int space(int length) {
    return (length + LOCATOR_SPACE - 1) / LOCATOR_SPACE * LOCATOR_SPACE;
  }

  public static VhdHeader read(ImageFile image) throws IOException {
    ByteBuffer bytes = image.read(VhdFooter.LENGTH, LENGTH).order(ByteOrder.BIG_ENDIAN);
    if (!text(bytes, 0, COOKIE.length(), StandardCharsets.US_ASCII).equals(COOKIE)
        || bytes.getInt(CHECKSUM_AT) != VhdFooter.checksum(bytes, CHECKSUM_AT)) {
      throw image.broken("the header of this vhd is damaged");
    }
    int blockSize = bytes.getInt(32);
    if (blockSize < VhdFooter.LENGTH || Integer.bitCount(blockSize) != 1) {
      throw image.broken("a vhd cannot have blocks of " + Integer.toUnsignedLong(blockSize));
    }
    UUID parent = new UUID(bytes.getLong(PARENT_AT), bytes.getLong(PARENT_AT + 8));
    return new VhdHeader(
        bytes.getLong(16), bytes.getInt(28), blockSize, parent, places(image, bytes));
  }

  private static Map<String, String> places(ImageFile image, ByteBuffer bytes) throws IOException {
    Map<String, String> places = new TreeMap<>();
    for (int i = 0; i < LOCATORS; i++) {
      int locator = LOCATORS_AT + 24 * i;
      String code = text(bytes, locator, 4, StandardCharsets.US_ASCII);
      int length = bytes.getInt(locator + 8);
      if (code.equals(WINDOWS_ABSOLUTE) || code.equals(WINDOWS_RELATIVE)) {
        if (length < 0 || length > LONGEST_PATH) {
          throw image.broken("the path of its parent is damaged");
        }
        ByteBuffer path = image.read(bytes.getLong(locator + 16), length);
        places.put(code, text(path, 0, length, StandardCharsets.UTF_16LE));
      }
    }
    return places;
  }

  Optional<String> place(String code) {
    return Optional.ofNullable(places.get(code)).filter(path -> !path.isEmpty());
  }

  private static String text(ByteBuffer from, int at, int length, Charset charset) {
    byte[] bytes = new byte[length];
    from.get(at, bytes);
    return new String(bytes, charset);
  }
}
